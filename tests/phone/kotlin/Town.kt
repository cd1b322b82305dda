// A server and a desk, the real programs, in a folder that is gone afterwards: what an app's tablets talk to.

package doorstep.tests

import doorstep.*
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

const val PASSPHRASE = "a passphrase for these tests"

class Town : AutoCloseable {
    private val folder: Path = Files.createTempDirectory("doorstep-phone-")
    private val programs = File(System.getenv("DOORSTEP_PROGRAMS") ?: error("run by tests/phone/run kotlin"))
    private var server: Process? = null
    private var address = "127.0.0.1:0"

    init {
        signalOn()
        desk(
            "init", "--server", "http://$address", "--organisation", "council=Hillford Council",
            "--organisation", "fire=Hillford Fire and Rescue", "--area", "Mill Ward", "--worker", "Ros Adeyemi",
            "--kit-file", "kit.txt",
        )
    }

    fun path(name: String): String = folder.resolve(name).toString()

    /** Starts the server, the second time at the same address. */
    fun signalOn() {
        val process = ProcessBuilder(
            programs.resolve("doorstep-server").path, "--data", path("server"), "--listen", address,
        ).redirectError(folder.resolve("server.log").toFile()).start()
        val line = process.inputReader().readLine() ?: error(folder.resolve("server.log").toFile().readText())
        address = line.substringAfter("http://")
        server = process
    }

    /** Ends the server: nothing can be reached. */
    fun signalOff() {
        server?.destroy()
        server?.waitFor()
        server = null
    }

    /** The server takes connections and answers none. */
    fun freeze() = signal("STOP")

    fun thaw() = signal("CONT")

    /** Runs the command at the desk and returns what it prints. */
    fun desk(vararg arguments: String): String {
        val command = listOf(programs.resolve("doorstep").path, "--folder", "desk") + arguments
        val process = ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
            .apply { environment()["DOORSTEP_PASSPHRASE"] = PASSPHRASE }.start()
        val printed = process.inputReader().readText()
        check(process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0) { printed }
        return printed
    }

    /** An invitation, as the desk's screen shows it. */
    fun invitation(): String = textOf(desk("enrol", "invite", "--json"), "invitation")

    /** The desk accepts what a tablet showed. */
    fun accept(request: String, name: String, organisation: String = "Hillford Council") {
        desk("enrol", "accept", "--text", request, "--name", name, "--worker", "Ada Mensah", "--organisation", organisation)
    }

    override fun close() {
        signalOff()
        folder.toFile().deleteRecursively()
    }

    private fun signal(name: String) {
        val server = server ?: error("there is a server")
        same(0, ProcessBuilder("kill", "-$name", server.pid().toString()).start().waitFor())
    }

    private fun textOf(json: String, field: String): String =
        Regex("\"$field\"\\s*:\\s*\"([^\"]+)\"").find(json)?.groupValues?.get(1) ?: error("no $field in what the desk says")
}
