import Foundation
import TokyoData

/// The findings as one self-contained page: text, tables and drawings, no scripts, nothing loaded.
struct Page {
  let findings: [Finding]
  let sizes: [DatasetSize]
  let demonstration: Demonstration

  func write(to path: String) throws {
    try Data(html.utf8).write(to: URL(fileURLWithPath: path))
  }

  private var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>TokyoData quickstart</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <header>
    <h1>Two years of billing, one exact answer</h1>
    <p>The clock stands at \(escaped("\(demonstration.now)")). What is older than 90 days was copied to a lake of
    Parquet files, proven equal, and removed from the hot store. Each report below was asked of both tiers at once.</p>
    \(verdict)
    </header>
    <section><h2>Where the days are</h2>\(sizes.map(days).joined())\(legend)</section>
    <section><h2>What the copies weigh</h2>\(sizeTable)</section>
    \(findings.map(section).joined())
    <footer><p>Drawn by <code>Examples/quickstart</code> of TokyoData. Amounts are exact decimals, shown as computed.</p></footer>
    </body>
    </html>

    """
  }

  private var verdict: String {
    let differing = findings.filter { $0.difference != nil }
    if differing.isEmpty {
      return
        "<p class=\"verdict good\">All \(findings.count) reports equal the same reports over one store.</p>"
    }
    return
      "<p class=\"verdict bad\">DIFFERS: \(differing.map { escaped($0.report) }.joined(separator: ", "))</p>"
  }

  private func section(_ finding: Finding) -> String {
    let outcome =
      finding.difference.map { "<p class=\"bad\">DIFFERS from one store: \(escaped($0))</p>" }
      ?? "<p class=\"good\">Equal to the same report over one store.</p>"
    return """
      <section>
      <h2>\(escaped(finding.report))</h2>
      \(Chart(finding).svg)
      \(outcome)
      <p>Read \(Text.grouped(finding.hotRows)) rows from hot and \(Text.grouped(finding.coldRows)) from the lake
      in \(Text.seconds(finding.time)).</p>
      <details><summary>Plan</summary><pre>\(finding.plans.map(escaped).joined(separator: "\n\n"))</pre></details>
      <details><summary>All \(finding.answer.rows.count) rows</summary>\(table(finding.answer))</details>
      </section>

      """
  }

  private func days(_ size: DatasetSize) -> String {
    "<h3>\(escaped(size.name))</h3>" + TierStrip(days: size.days).svg
  }

  private let legend = """
    <p class="legend"><span class="swatch cold"></span>lake &nbsp; <span class="swatch both"></span>hot, with a
    copy in the lake &nbsp; <span class="swatch hot"></span>hot only</p>
    """

  private var sizeTable: String {
    table(
      ReportTable(
        columns: ["dataset", "rows", "days", "CSV", "Parquet", "of CSV", "rows retired"],
        rows: sizes.map {
          [
            $0.name, Text.grouped($0.rows), "\($0.files)", Text.megabytes($0.csvBytes),
            Text.megabytes($0.parquetBytes), Text.percent($0.ratio), Text.grouped($0.retiredRows),
          ]
        }))
  }

  private func table(_ table: ReportTable) -> String {
    let head = table.columns.map { "<th>\(escaped($0))</th>" }.joined()
    let rows = table.rows.map { row in "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>" }
    return
      "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\(rows.joined())</tbody></table></div>"
  }

  private static let style = """
    :root { --ink: #1c2430; --soft: #5b6675; --line: #d9dee6; --paper: #fbfbf9; --hot: #e2603b; --both: #efb366;
      --cold: #35608f; --good: #1d7a4c; --bad: #b3261e; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --soft: #9aa6b5; --line: #333c48;
      --paper: #14181e; --cold: #6f9fd0; --good: #58c08a; --bad: #ff8a80; } }
    body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.2rem 4rem; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, sans-serif; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; } h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; }
    h3 { font-size: .95rem; margin: 1rem 0 .2rem; color: var(--soft); font-weight: 600; }
    svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
    .axis { stroke: var(--line); stroke-width: 1; } .bar { fill: var(--cold); } .line { fill: none;
      stroke: var(--cold); stroke-width: 2; } .faint { fill: none; stroke: var(--both); stroke-width: 1.5; }
    .hot { fill: var(--hot); background: var(--hot); } .both { fill: var(--both); background: var(--both); }
    .cold { fill: var(--cold); background: var(--cold); }
    .swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; }
    .legend, footer { color: var(--soft); font-size: .9rem; } .good { color: var(--good); } .bad { color: var(--bad); }
    .verdict { font-size: 1.1rem; font-weight: 600; } .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
    th, td { text-align: right; padding: .25rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
    th:first-child, td:first-child { text-align: left; } summary { cursor: pointer; color: var(--soft); }
    pre { overflow-x: auto; font-size: .85rem; }
    """
}

/// The text with what HTML gives a meaning replaced.
func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
  return result
}
