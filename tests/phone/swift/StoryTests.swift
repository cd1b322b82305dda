// The visit of the story: two tablets record one home with no signal, come back in turn, and settle what they disagree on.

import DoorstepKit
import XCTest

let flat = Uprn(digits: "999900000110")
let fire = "Hillford Fire and Rescue"

func eBike(_ severity: Severity) -> Hazard {
    Hazard(scheme: .fireV1, code: "e-bike", room: "hall", severity: severity, note: "charger on the carpet")
}

func visit(_ kind: VisitKind, _ found: Findings) -> NewVisit {
    NewVisit(at: .withUprn(uprn: flat), kind: kind, words: VisitWords(outcome: .done), found: found)
}

extension Town {
    func tablet(_ name: String, _ organisation: String = "Hillford Council", vault: KeyVault? = nil) async throws -> Doorstep {
        let tablet = try Doorstep.create(folder: path(name), vault: vault ?? softwareVault(passphrase: passphrase))
        let request = try tablet.enrolment().begin(invitation: invitation(), kind: .personal)
        try accept(request, name: name, organisation: organisation)
        try await caughtUp(tablet)
        return tablet
    }
}

@discardableResult
func caughtUp(_ tablet: Doorstep) async throws -> SyncReport {
    let report = try await tablet.sync()
    XCTAssertEqual(report.end, .caughtUp, report.trouble ?? "")
    return report
}

func page(_ tablet: Doorstep) throws -> PropertyPage {
    let record = try XCTUnwrap(tablet.properties().withUprn(uprn: flat))
    return try tablet.properties().get(record: record)
}

final class StoryTests: XCTestCase {
    func testAVisitIsRecordedWithNoSignalComesBackAndADisputeIsSettled() async throws {
        let town = try Town()
        let ot = try await town.tablet("ot")
        let crew = try await town.tablet("crew", fire)
        town.signalOff()
        _ = try ot.visits().record(visit: visit(.otAssessment, Findings(hazards: [eBike(.high)])))
        XCTAssertEqual(try page(ot).delivery, .notSent)
        let report = try await ot.sync()
        guard case .waiting(fault: .offline, retryIn: _) = report.end else { return XCTFail(report.trouble ?? "") }
        XCTAssertGreaterThan(report.toSend, 0)

        try town.signalOn()
        let sent = try await caughtUp(ot)
        XCTAssertEqual(sent.toSend, 0)
        try await caughtUp(crew)
        let row = try XCTUnwrap(page(crew).hazards.first?.facts.row)

        for (tablet, severity) in [(ot, Severity.emergency), (crew, Severity.low)] {
            let change = HazardChange(row: row, set: eBike(severity))
            _ = try tablet.visits().record(visit: visit(.followUp, Findings(hazardChanges: [change])))
        }
        for tablet in [ot, crew, ot] {
            try await caughtUp(tablet)
        }
        for tablet in [ot, crew] {
            let hazards = try page(tablet).hazards
            XCTAssertEqual(hazards.map(\.hazard.severity), [.emergency], "the more cautious value is shown")
            XCTAssertEqual(hazards.map(\.facts.disputed), [["severity"]])
        }
        let list = try ot.conflicts().list(record: nil, offset: 0, limit: 10)
        XCTAssertEqual(list.total, 1)
        let low = try XCTUnwrap(list.conflicts[0].values.first { !$0.isShown })
        XCTAssertEqual(low.value, .text(text: "low"))
        _ = try ot.conflicts().choose(path: list.conflicts[0].path, value: low.value, note: nil)
        try await caughtUp(ot)
        try await caughtUp(crew)
        XCTAssertEqual(try crew.conflicts().list(record: nil, offset: 0, limit: 10).total, 0)
        XCTAssertEqual(try page(crew).hazards.map(\.hazard.severity), [.low])
    }

    func testAFactRecordedByMistakeIsTakenBackForAReasonAndMayStandAgain() async throws {
        let town = try Town()
        let ot = try await town.tablet("ot")
        let seen = Findings(clutter: [Clutter(room: "living room", rating: 6)])
        let record = try ot.visits().record(visit: visit(.safeAndWell, seen)).record
        let row = try XCTUnwrap(page(ot).clutter.first?.facts.row)
        let fact = HomeFact(kind: .clutter, row: row)
        XCTAssertThrowsError(try ot.visits().takeBackFact(record: record, fact: fact, why: ""))
        let decision = try ot.visits().takeBackFact(record: record, fact: fact, why: "rated at the house next door")
        XCTAssertEqual(try page(ot).clutter.count, 0)
        XCTAssertEqual(try ot.visits().mistaken(record: record).map(\.fact), [fact])
        try ot.visits().letStand(record: record, decision: decision)
        XCTAssertEqual(try page(ot).clutter.count, 1)
    }

    func testAVisitorCanSayWhoMayReadAHome() async throws {
        let town = try Town()
        let ot = try await town.tablet("ot")
        let record = try ot.visits().record(visit: visit(.otAssessment, Findings(hazards: [eBike(.high)]))).record
        let home = try ot.properties().readers(record: record).filter { $0.parts.contains(.home) }
        XCTAssertTrue(home.contains { $0.organisation == "Hillford Council" && $0.until == nil })
    }

    func testTheGuidesFirstVisitIsRecordedAndSent() async throws {
        let town = try Town()
        let vault = softwareVault(passphrase: passphrase)
        let device = try await enrol(folder: town.path("ot"), vault: vault, scanned: town.invitation()) { request in
            try town.accept(request, name: "ot")
        }
        _ = try recordVisit(device, uprn: flat.digits)
        let told = try await send(device)
        XCTAssertEqual(told, "Everything is sent.")
        XCTAssertEqual(try page(device).hazards.map(\.hazard.code), ["e-bike"])
        XCTAssertEqual(try page(device).alarms.map(\.alarm.state), [.replaced])
    }
}
