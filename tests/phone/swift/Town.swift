// A server and a desk, the real programs, in a folder that is gone afterwards: what an app's tablets talk to.

import DoorstepKit
import Foundation

let passphrase = "a passphrase for these tests"

struct TownError: Error {
    let said: String
}

final class Town {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("doorstep-phone-\(UUID().uuidString)")
    private let programs = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).appendingPathComponent("programs")
    private var server: Process?
    private var address = "127.0.0.1:0"

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try signalOn()
        try desk(
            "init", "--server", "http://\(address)", "--organisation", "council=Hillford Council",
            "--organisation", "fire=Hillford Fire and Rescue", "--area", "Mill Ward", "--worker", "Ros Adeyemi",
            "--kit-file", "kit.txt")
    }

    deinit {
        signalOff()
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String {
        folder.appendingPathComponent(name).path
    }

    /// Starts the server, the second time at the same address.
    func signalOn() throws {
        let process = Process()
        process.executableURL = programs.appendingPathComponent("doorstep-server")
        process.arguments = ["--data", path("server"), "--listen", address]
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.contains("\n") {
            let bytes = out.fileHandleForReading.availableData
            guard !bytes.isEmpty else { throw TownError(said: "the server ended before it listened") }
            line += String(decoding: bytes, as: UTF8.self)
        }
        address = line.split(separator: "\n")[0].components(separatedBy: "http://")[1]
        server = process
    }

    /// Ends the server as a cut of power does: nothing can be reached. A request to end would not arrive, because a program that
    /// is started from an async test inherits a thread's blocked signals.
    func signalOff() {
        guard let process = server else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        server = nil
    }

    /// Runs the command at the desk and returns what it prints.
    @discardableResult
    func desk(_ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = programs.appendingPathComponent("doorstep")
        process.arguments = ["--folder", "desk"] + arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["DOORSTEP_PASSPHRASE": passphrase]) { $1 }
        let out = Pipe()
        process.standardOutput = out
        process.standardError = out
        try process.run()
        let printed = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TownError(said: String(decoding: printed, as: UTF8.self)) }
        return printed
    }

    /// An invitation, as the desk's screen shows it.
    func invitation() throws -> String {
        let printed = try JSONSerialization.jsonObject(with: desk("enrol", "invite", "--json"))
        guard let text = (printed as? [String: Any])?["invitation"] as? String else { throw TownError(said: "no invitation") }
        return text
    }

    /// The desk accepts what a tablet showed.
    func accept(_ request: String, name: String, organisation: String = "Hillford Council") throws {
        try desk(
            "enrol", "accept", "--text", request, "--name", name, "--worker", "Ada Mensah", "--organisation", organisation)
    }
}
