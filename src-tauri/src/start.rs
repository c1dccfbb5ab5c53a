//! How the program was started: to be worked with, or to do one thing and end.

use std::ffi::OsString;
use std::path::PathBuf;

/// The argument of a start that nobody made.
pub const IN_BACKGROUND: &str = "--in-background";
const SELFTEST: &str = "--selftest";
const QUIT: &str = "--quit";
const FORGET_KEYS: &str = "--forget-keys";

/// What a start is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    /// Somebody wants to work.
    AtTheWindow,
    /// The computer started it: no window opens.
    InBackground,
    /// To try what the program needs of this computer, before any window.
    Selftest {
        /// The file for the report, beside the standard output.
        report_to: Option<PathBuf>,
    },
    /// To ask the program that runs to end, with all that was typed saved: before it is replaced or removed.
    Quit,
    /// To take the keys of this computer out of the keyring: before the studio's data are removed.
    ForgetKeys,
}

impl Start {
    /// What the program's `arguments` ask for. What nobody here knows is somebody who wants to work.
    pub(crate) fn of(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut arguments = arguments.into_iter().filter_map(|argument| argument.into_string().ok());
        arguments
            .find_map(|argument| match argument.as_str() {
                IN_BACKGROUND => Some(Self::InBackground),
                SELFTEST => Some(Self::Selftest { report_to: None }),
                QUIT => Some(Self::Quit),
                FORGET_KEYS => Some(Self::ForgetKeys),
                other => {
                    let file = other.strip_prefix(SELFTEST)?.strip_prefix('=')?;
                    Some(Self::Selftest {
                        report_to: Some(PathBuf::from(file)),
                    })
                }
            })
            .unwrap_or(Self::AtTheWindow)
    }

    /// What this start is for.
    pub(crate) fn this() -> Self {
        Self::of(std::env::args_os())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(argument: &str) -> Start {
        Start::of(["agenda-sede", argument].map(OsString::from))
    }

    #[test]
    fn each_argument_is_known_and_no_other() {
        assert_eq!(start("--in-background"), Start::InBackground);
        assert_eq!(start("--selftest"), Start::Selftest { report_to: None });
        assert_eq!(start("--quit"), Start::Quit);
        assert_eq!(start("--forget-keys"), Start::ForgetKeys);
        for other in ["", "--selftests", "--Quit", "C:\\file.ics"] {
            assert_eq!(start(other), Start::AtTheWindow, "{other}");
        }
    }

    #[test]
    fn a_selftest_may_name_the_file_of_its_report() {
        let report_to = Some(PathBuf::from("a report.txt"));
        assert_eq!(start("--selftest=a report.txt"), Start::Selftest { report_to });
    }
}
