// What the binding costs on this machine, each figure beside a floor of the same run: scripts/bench-phone.

package doorstep.bench

import doorstep.*
import doorstep.tests.*
import java.io.File
import java.util.concurrent.TimeUnit

private const val HOMES = 10_000
/** So many a round; before the first, so many times as many in which the JVM compiles what is called often. */
private const val CALLS = 5_000
private const val WARM_UP = 10
private const val ROUNDS = 5
/** A view reads the record as well: some hundred microseconds each. */
private const val VIEWS = 500
private const val STARTS = 7

/** A keystore whose key is in a file, so that one program wraps what another unwraps; no prompt and no stretching of a passphrase. */
private class FileKey(private val file: File) : KeyVault {
    override fun abilities() = VaultAbilities(KeyHome.SOFTWARE, PromptKind.NOTHING, SigningKind.NONE)
    override fun wrap(key: ByteArray): ByteArray = ByteArray(key.size) { 1 }.also { file.writeBytes(key) }
    override fun unwrap(wrapped: ByteArray): ByteArray = file.readBytes()
    override fun makeSigningKey() = throw VaultFailure.Unavailable()
    override fun sign(message: ByteArray) = throw VaultFailure.Unavailable()
    override fun destroyKeys() { file.delete() }
}

private fun median(values: List<Double>) = values.sorted()[values.size / 2]

/** Microseconds of one call: the middle of many, in the round in which the machine had the least else to do. */
private fun micros(times: Int = CALLS, call: () -> Any?): Double {
    repeat(WARM_UP * times) { call() }
    return List(ROUNDS) {
        median(List(times) {
            val begun = System.nanoTime()
            call()
            (System.nanoTime() - begun) / 1_000.0
        })
    }.min()
}

private fun figure(name: String, n: Int, value: Double, unit: String, floor: Double?, limit: Double): Boolean {
    val (beside, ratio) = if (floor == null) "–" to "–" else "%.3f".format(floor) to "%.2f".format(value / floor)
    val kept = when {
        limit.isInfinite() -> "–"
        value < limit -> "ok, below %.1f".format(limit)
        else -> "ABOVE %.1f".format(limit)
    }
    println("%-26s %8d %13.3f %-10s %12s %8s   %s".format(name, n, value, unit, beside, ratio, kept))
    return value < limit
}

private fun fields(of: Any?): Int = when (of) {
    null, is String, is Boolean, is Number, is Enum<*> -> 1
    is List<*> -> of.sumOf(::fields)
    else -> {
        val getters = of.javaClass.methods.filter { it.name.startsWith("get") && it.parameterCount == 0 && it.declaringClass == of.javaClass }
        if (of.javaClass.packageName != "doorstep" || getters.isEmpty()) 1 else getters.sumOf { fields(it.invoke(of)) }
    }
}

/** One program that opens the device and searches, or only loads the library; prints microseconds. */
private fun start(arguments: Array<String>) {
    val begun = System.nanoTime()
    if (arguments[0] == "load") {
        SyncStopper().stop()
    } else {
        val device = Doorstep.open(arguments[1], FileKey(File(arguments[2])))
        check(device.properties().find("Bench Lane 77", 20u).isNotEmpty())
    }
    println((System.nanoTime() - begun) / 1_000)
}

/**
 * Milliseconds of one start. A phone compiles an app's classes when it is installed; a JVM comes nearest with an `archive` of them, which
 * the first start makes.
 */
private fun startMillis(archive: File, vararg arguments: String): Double {
    val java = ProcessHandle.current().info().command().get()
    val classes = if (archive.exists()) "-XX:SharedArchiveFile=$archive" else "-XX:ArchiveClassesAtExit=$archive"
    val command = listOf(java, classes, "-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-Djna.library.path=" + System.getProperty("jna.library.path"), "-cp",
        System.getProperty("java.class.path"), "doorstep.bench.BenchKt") + arguments
    val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val micros = process.inputReader().readText().trim().toDouble()
    check(process.waitFor(1, TimeUnit.MINUTES))
    return micros / 1_000
}

/** Ten thousand homes at the desk, to come with the tablet's first catch-up. */
private fun Town.street() {
    val folder = File(path("street")).apply { mkdir() }
    File(folder, "homes.csv").writeText(buildString {
        appendLine("uprn,line,post_code")
        for (number in 1..HOMES) appendLine("%012d,\"$number Bench Lane, Hillford\",HX1 %dAB".format(999_000_000_000 + number, number % 10))
    })
    val mapping = File(path("mapping.toml"))
    mapping.writeText("""
        mapping = 1
        name = "Homes to measure"
        [sources.homes]
        file = "homes.csv"
        key = "uprn"
        [[records]]
        kind = "property"
        from = "homes"
        [records.fields]
        uprn = "uprn"
        line = "line"
        postcode = "post_code"
    """.trimIndent())
    desk("import", folder.path, "--mapping", mapping.path)
    desk("sync")
}

fun main(arguments: Array<String>) {
    if (arguments.size > 1 || arguments.firstOrNull() == "load") return start(arguments)
    val library = File(System.getProperty("jna.library.path"), System.mapLibraryName("doorstep_mobile_ffi"))
    println("measurement                      n         value unit              floor    ratio   limit")
    val kept = mutableListOf<Boolean>()
    // The limit is for what tablets have; scripts/size-arm64 holds it on other machines.
    val isTablets = System.getProperty("os.arch") == "aarch64"
    kept += figure("phone.size", 1, library.length() / 1_000_000.0, "MB", null, if (isTablets) 8.0 else Double.POSITIVE_INFINITY)
    Town().use { town ->
        town.street()
        val key = File(town.path("key"))
        town.tablet("tablet", vault = FileKey(key)).used { tablet ->
            tablet.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
            val record = tablet.properties().withUprn(FLAT)!!
            val page = tablet.properties().get(record)
            val stopper = SyncStopper()
            val empty = micros { stopper.stop() }
            // The whole view goes through the binding and no work is behind it.
            val call = micros { page.toString() }
            kept += figure("phone.call", fields(page), call, "us", empty, 50.0)
            // The same view as an app reads it; what is more than the call is the record's own work.
            figure("phone.view", fields(page), micros(VIEWS) { tablet.properties().get(record) }, "us", call, Double.POSITIVE_INFINITY)
        }
        val archive = File(town.path("classes.jsa"))
        val open = { startMillis(archive, "open", town.path("tablet"), key.path) }
        open()
        check(archive.exists()) { "the JVM made no archive of the classes" }
        val cold = median(List(STARTS) { open() })
        kept += figure("phone.cold", HOMES, cold, "ms", median(List(STARTS) { startMillis(archive, "load") }), 300.0)
    }
    if (kept.any { !it }) kotlin.system.exitProcess(1)
}
