// swift-tools-version:5.9
// The generated sources and the tests of them, laid out by scripts/test-swift.

import PackageDescription

let package = Package(
    name: "DoorstepPhone",
    targets: [
        .systemLibrary(name: "DoorstepFFI"),
        .target(name: "DoorstepKit", dependencies: ["DoorstepFFI"]),
        .testTarget(
            name: "DoorstepTests", dependencies: ["DoorstepKit"],
            linkerSettings: [.unsafeFlags(["-Lprograms", "-Xlinker", "-rpath", "-Xlinker", Context.packageDirectory + "/programs"])]),
    ]
)
