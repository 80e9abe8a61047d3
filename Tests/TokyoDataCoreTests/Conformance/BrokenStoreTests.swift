internal import Testing
internal import TokyoDataTesting

@Suite("Each deliberately broken store fails exactly its case")
struct BrokenStoreTests {
  static let hotStores: [any BrokenHotStore.Type] = [
    // HotStore
    SeesLaterRows.self, ReadsLedgerLate.self, ReadsRangesTwice.self, IncludesEndOfRange.self,
    TakesUnknownForTrue.self, LosesNullGroups.self, WrapsOnOverflow.self, MiscountsRows.self,
    ForgetsOverlayKeys.self, IgnoresKeyLimit.self, ReadsUncommitted.self, KeepsWhatFailed.self,
    MarksOncePerDay.self, MarksToday.self, MarksNewDayOnly.self, ReplacesOnInsert.self,
    LosesUpsertedValues.self, AddsOnUpdate.self, TakesLastOfUpdates.self,
    CountsAskedDeletions.self, UncoversColdRows.self, AcceptsLateWrites.self,
    UpdatesNothingInCold.self, DeletesNothingInCold.self, ForgetsUnknownVersions.self,
    IsAnotherLedgerEachTime.self,
    // Ledger
    MisreadsDefinition.self, ForgetsOnInstall.self, KnowsEveryDataset.self, TakesEmptyLedgerForPublished.self,
    PublishesHalf.self, PublishesDayByDay.self, DeletesAllMarks.self, SkipsUnchangedDays.self,
    KeepsEpoch.self, ForgetsSince.self, PublishesCondemned.self, CondemnsCurrent.self, IgnoresGrace.self,
    CondemnsItsOwn.self, GivesCollected.self, ForgetsVerification.self, PublishesSuspects.self,
    ResolvesToTheOtherSide.self, LetsRunsOverlap.self,
    // ExportSource
    ExportsLaterRows.self, ExportsAnyOrder.self, IncludesNextMidnight.self, ListsDaysOnly.self,
    SeesLaterMarks.self, ReadsUndatedByDay.self, IgnoresOpenWriters.self, RetiresTheNextDayToo.self,
    RemovesWhatDiffers.self, RetiresAnything.self, LosesNewcomers.self, LeavesItsOwnMarks.self,
  ]

  static let coldStores: [any BrokenColdStore.Type] = [
    ReadsVersionsTwice.self, ReadsByGlobbing.self, ReadsAllForNone.self, ComparesMilliseconds.self,
    TakesUnknownForTrueInCold.self, CountsOverlayTwice.self, ExcludesKeysFromEveryDay.self,
    LosesNullGroupsInCold.self, WrapsOnOverflowInCold.self, SkipsOlderSchemas.self,
    TakesMissingForEmpty.self, MiscountsRowsInCold.self, EstimatesNothing.self,
  ]

  static let caches: [any BrokenCache.Type] = [
    KeepsValuesFromEmptyOnes.self, GivesTheOnlyValue.self, DropsLongValues.self, IgnoresCase.self,
    LosesASet.self, AnswersDuplicatesOnce.self, KeepsTheFirstOfABatch.self, TakesNothingForAll.self,
    RemembersTheDead.self, TellsTheWholeLife.self, KeepsTheFirstLife.self, IgnoresSetsForNoTime.self,
    TakesEmptyForAny.self, TakesEmptyForAbsent.self, EmptiesInsteadOfDeleting.self, HasTwoWinners.self,
    DeletesOneOfABatch.self, TellsTheSumBefore.self, LosesAnAddition.self, RenewsCounters.self,
    PadsCounters.self, CountsFromEmpty.self, StopsAtTheLargest.self, WorksForTheCanceled.self,
    IsEmptyAfterItsClose.self,
  ]

  @Test("a broken hot store", arguments: hotStores.indices)
  func hot(_ index: Int) async {
    let broken = Self.hotStores[index]
    let make = { InMemoryHotStoreFixture { broken.init(inner: $0) } }
    let results =
      await HotStoreConformance.run(on: make) + LedgerConformance.run(on: make)
      + ExportSourceConformance.run(on: make)
    expectOnly(broken.breaks, in: results, of: "\(broken)")
  }

  @Test("a broken cold store", arguments: coldStores.indices)
  func cold(_ index: Int) async {
    let broken = Self.coldStores[index]
    let results = await ColdStoreConformance.run { InMemoryColdStoreFixture { broken.init(inner: $0) } }
    expectOnly(broken.breaks, in: results, of: "\(broken)")
  }

  @Test("a broken cache", arguments: caches.indices)
  func cache(_ index: Int) async {
    let broken = Self.caches[index]
    let results = await CacheConformance.run {
      InMemoryCacheFixture { cache, _ in broken.init(inner: cache) }
    }
    expectOnly(broken.breaks, in: results, of: "\(broken)")
  }

  @Test("every case has a store that breaks it")
  func complete() {
    let hot =
      HotStoreConformance.cases.map(\.sentence) + LedgerConformance.cases.map(\.sentence)
      + ExportSourceConformance.cases.map(\.sentence)
    #expect(Set(Self.hotStores.map { $0.breaks }) == Set(hot))
    #expect(Set(Self.coldStores.map { $0.breaks }) == Set(ColdStoreConformance.cases.map(\.sentence)))
    #expect(Set(Self.caches.map { $0.breaks }) == Set(CacheConformance.cases.map(\.sentence)))
  }

  private func expectOnly(_ sentence: String, in results: [ConformanceResult], of store: String) {
    let failed = results.filter { $0.failure != nil }
    #expect(failed.map(\.sentence) == [sentence], "\(store): \(failed.map { "\($0)" })")
    // A store must be caught by the case's own words, not by an accident on the way.
    for result in failed { #expect(result.failure is ConformanceFailure, "\(store): \(result)") }
  }
}
