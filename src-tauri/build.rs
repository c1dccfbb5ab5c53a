//! Embeds the icons and the window's rights. A command that is not listed here is refused to every window.

/// The program's own commands, by area. One that is added in `src/commands/` is added here, and in
/// `capabilities/default.json` as `allow-…`, or the window can't call it.
const COMMANDS: &[&str] = &[
    // program
    "program_info",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes).expect("tauri.conf.json, capabilities/ and icons/ must be sound");
}
