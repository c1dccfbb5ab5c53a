//! What goes wrong in the page goes into the log: what its security policy held back, and what nobody caught. It is heard
//! from before the first line of the page on.

use tauri::plugin::TauriPlugin;
use tauri::{Runtime, plugin};

/// The mark of such a line in the log.
pub const MARK: &str = "page fault";

/// Characters of a fault that are kept.
const KEPT: usize = 300;

const LISTENERS: &str = r#"
(() => {
  const tell = (fault) => window.__TAURI_INTERNALS__?.invoke('page_fault', { fault: String(fault) }).catch(() => {});
  addEventListener('securitypolicyviolation', (e) =>
    tell(`policy ${e.effectiveDirective} held back ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}`));
  addEventListener('error', (e) => e.message && tell(`${e.message} at ${e.filename}:${e.lineno}`));
  addEventListener('unhandledrejection', (e) => tell(`nobody caught ${e.reason?.name ?? 'a rejection'}: ${e.reason?.message ?? ''}`));
})();
"#;

/// Listens in every page of the program.
pub fn listen<R: Runtime>() -> TauriPlugin<R> {
    plugin::Builder::new("page-faults").js_init_script(LISTENERS).build()
}

/// Writes down a fault of the page.
pub fn write_down(fault: &str) {
    let fault: String = fault.chars().filter(|c| !c.is_control()).take(KEPT).collect();
    tracing::error!(fault, "{MARK}");
}
