// Datasets, versions and the cold store's protocol come from Core; batches from Columns.
@_exported public import TokyoDataCore
