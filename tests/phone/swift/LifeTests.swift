// Keystores, observers, cancelling and errors, as an app in Swift meets them.

import DoorstepKit
import Foundation
import XCTest

/// A keystore whose prompt does what a test says. Its wrapping hides nothing: no Secure Enclave is at hand.
final class PromptVault: KeyVault, @unchecked Sendable {
    var prompt: () throws -> Void = {}

    func abilities() -> VaultAbilities {
        VaultAbilities(home: .software, asks: .person, signs: .none)
    }

    func wrap(key: Data) throws -> Data {
        Data(key.map { $0 ^ 0x5A })
    }

    func unwrap(wrapped: Data) throws -> Data {
        try prompt()
        return Data(wrapped.map { $0 ^ 0x5A })
    }

    func makeSigningKey() throws -> Data {
        throw VaultFailure.Unavailable
    }

    func sign(message: Data) throws -> Data {
        throw VaultFailure.Unavailable
    }

    func destroyKeys() throws {}
}

final class Told: SyncObserver, @unchecked Sendable {
    private let lock = NSLock()
    private var told: [SyncProgress] = []
    private let then: () -> Void

    init(then: @escaping () -> Void = {}) {
        self.then = then
    }

    var steps: [SyncProgress] {
        lock.withLock { told }
    }

    func onProgress(progress: SyncProgress) {
        lock.withLock { told.append(progress) }
        then()
    }
}

final class Watching: WatchObserver, @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    let sent: XCTestExpectation

    init(sent: XCTestExpectation) {
        self.sent = sent
        sent.assertForOverFulfill = false
    }

    var reports: Int {
        lock.withLock { count }
    }

    func onProgress(progress: SyncProgress) {}

    func onReport(report: SyncReport) {
        lock.withLock { count += 1 }
        if report.sent > 0 { sent.fulfill() }
    }

    func onEnd() {}
}

final class LifeTests: XCTestCase {
    /// A loaded machine takes a while.
    let patienceSeconds = 60.0

    func testAPromptThatIsRefusedLeavesTheDeviceClosedAndItOpensTheNextTime() async throws {
        let town = try Town()
        let vault = PromptVault()
        let made = try await town.tablet("ot", vault: vault)
        let id = try made.id()
        try await made.shutDown()
        for (failure, expected) in [
            (VaultFailure.Refused, KeysWhy.refused), (.Cancelled, .cancelled), (.TimedOut, .timedOut),
        ] {
            vault.prompt = { throw failure }
            XCTAssertThrowsError(try Doorstep.open(folder: town.path("ot"), vault: vault)) { error in
                guard case DoorstepError.Keys(let why, _, _) = error else { return XCTFail("\(error)") }
                XCTAssertEqual(why, expected)
            }
        }
        vault.prompt = {}
        XCTAssertEqual(try Doorstep.open(folder: town.path("ot"), vault: vault).id(), id)
    }

    func testProgressIsToldAndAStopperEndsACatchUp() async throws {
        let town = try Town()
        let ot = try await town.tablet("ot")
        _ = try ot.visits().record(visit: visit(.otAssessment, Findings(hazards: [eBike(.high)])))
        let stopper = SyncStopper()
        let report = try await ot.sync(observer: Told { stopper.stop() }, stopper: stopper)
        XCTAssertEqual(report.end, .cancelled)
        let told = Told()
        let sent = try await ot.sync(observer: told)
        XCTAssertEqual(sent.end, .caughtUp)
        XCTAssertFalse(told.steps.isEmpty)
    }

    func testAWatchSendsWhatIsSavedAndItsObserverHearsNothingOnceItIsLetGoOf() async throws {
        let town = try Town()
        let ot = try await town.tablet("ot")
        let observer = Watching(sent: expectation(description: "what was saved is sent"))
        var watch: Watch? = try ot.watch(observer: observer)
        _ = try ot.visits().record(visit: visit(.otAssessment, Findings(hazards: [eBike(.high)])))
        await fulfillment(of: [observer.sent], timeout: patienceSeconds)
        XCTAssertNotNil(watch)
        watch = nil
        try await caughtUp(ot)
        let heard = observer.reports
        _ = try ot.visits().record(visit: visit(.followUp, Findings(hazards: [eBike(.low)])))
        try await caughtUp(ot)
        XCTAssertEqual(observer.reports, heard)
    }

    func testErrorsSayWhatToDoAndNothingThatWasEntered() throws {
        let town = try Town()
        let fresh = try Doorstep.create(folder: town.path("new"), vault: softwareVault(passphrase: passphrase))
        let calls: [() throws -> Void] = [
            { _ = try fresh.visits().record(visit: visit(.followUp, Findings())) },
            { _ = try fresh.enrolment().begin(invitation: "Secret text", kind: .shared) },
            { _ = try fresh.properties().withUprn(uprn: Uprn(digits: "Secret Street")) },
            { _ = try Doorstep.open(folder: town.path("new"), vault: softwareVault(passphrase: passphrase)) },
        ]
        for call in calls {
            XCTAssertThrowsError(try call()) { error in
                guard let error = error as? DoorstepError else { return XCTFail("\(error)") }
                XCTAssertFalse(remedy(error).isEmpty)
                XCTAssertFalse("\(error)".contains("Secret") || error.localizedDescription.contains("Secret"))
            }
        }
        let shown = "\(visit(.otAssessment, Findings(hazards: [eBike(.high)])))" + "\(eBike(.high))" + "\(flat)"
        for content in ["charger", "hall", flat.digits] {
            XCTAssertFalse(shown.contains(content), content)
        }
    }

    /// No `default`: an eleventh would not compile.
    private func remedy(_ error: DoorstepError) -> String {
        switch error {
        case .NotHere(_, let remedy), .InUse(let remedy), .Misfit(_, let remedy), .Storage(_, let remedy),
            .Server(_, let remedy):
            return remedy
        case .Ambiguous(_, _, let remedy), .Value(_, _, let remedy), .NotAllowed(_, _, let remedy),
            .Locked(_, _, let remedy), .Keys(_, _, let remedy):
            return remedy
        }
    }
}
