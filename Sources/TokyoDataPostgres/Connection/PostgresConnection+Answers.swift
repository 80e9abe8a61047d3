internal import TokyoDataCore

/// What becomes of the answers to pipelined statements.
extension PostgresConnection {
  func note(_ result: borrowing ServerResult, for command: Pipeline.Command) throws {
    switch command {
    case .forget: return
    case .prepare(let preparation):
      if result.kind == .failed {
        preparation.failure = error(of: result)
      } else if result.columnCount > 0 {
        preparation.columns = result.columns
      }
    case .run(let statement):
      switch result.kind {
      case .rows where statement.isBehindSetup: statement.isBehindSetup = false
      case .failed: statement.failure = error(of: result)
      case .copyIn, .copyOut: throw PostgresError(.invalidStatement, "a COPY needs its own call")
      default: read(result, for: statement)
      }
    }
  }

  private func read(_ result: borrowing ServerResult, for statement: PipelinedStatement) {
    guard statement.abandonment == nil, statement.failure == nil else { return }
    guard statement.order.returnsRows, let plan = statement.plan else {
      statement.answer = .count(result.affectedRows)
      return
    }
    do {
      statement.answer = .rows(try batch(of: result, plan, statement.key, as: statement.order.expected))
    } catch { statement.failure = error }
  }

  func finishHead() throws {
    pipeline.cancelDeadline = nil
    switch pipeline.endCommand() {
    case .forget, nil: break
    case .prepare(let preparation): try finish(preparation)
    case .run(let statement): finish(statement)
    }
    // Whoever gave up while others' statements ran had to wait for this moment.
    if pipeline.isHeadAbandoned { cancelHead() }
  }

  private func finish(_ preparation: StatementPreparation) throws {
    if let failure = preparation.failure {
      for statement in preparation.followers {
        if statement.abandonment != nil {
          letGo(statement)
        } else if isStray(failure), !statement.isSecondTry {
          statement.isSecondTry = true
          pipeline.waiting.append(statement)
        } else {
          statement.fail(failure)
        }
      }
      return
    }
    let forgotten = statements.insert(
      preparation.key, name: preparation.name, columns: preparation.columns)
    if let forgotten {
      try link.send("DEALLOCATE \(forgotten)", [], binaryResults: false)
      try link.endGroup()
      pipeline.note(.forget)
    }
    for statement in preparation.followers {
      if statement.abandonment != nil { letGo(statement) } else { pipeline.waiting.append(statement) }
    }
  }

  private func finish(_ statement: PipelinedStatement) {
    if statement.abandonment != nil { return letGo(statement) }
    guard let failure = statement.failure else {
      return statement.resume(
        with: statement.answer.map { .success($0) }
          ?? .failure(PostgresError(.protocolViolation, "a statement without an answer")))
    }
    // A statement that the server refused to begin, or rolled back for a neighbor's sake, did nothing.
    if !statement.isSecondTry, isStale(failure, statement.key) || isStray(failure) {
      statement.isSecondTry = true
      (statement.failure, statement.answer, statement.plan) = (nil, nil, nil)
      pipeline.waiting.append(statement)
    } else {
      statement.fail(failure)
    }
  }

  /// Ends a statement that was given up: at once, or when the request to cancel it is over.
  private func letGo(_ statement: PipelinedStatement) {
    if cancelRequest == .running, pipeline.head == nil {
      pipeline.lingering.append(statement)
    } else {
      statement.fail(CancellationError())
    }
  }

  /// Our cancel request for one statement reached its neighbor.
  private func isStray(_ error: any Error) -> Bool {
    pipeline.hasCanceled && PostgresServerError(in: error)?.sqlState == .queryCanceled
  }
}
