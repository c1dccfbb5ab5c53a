//! `--selftest`: what the program needs of this computer, tried one thing after the other before any window. For whoever
//! installs it on many desktops, and for the installer's own tests.
//!
//! The report goes to the standard output and, with `--selftest=FILE`, into that file: a program of Windows that has a
//! window has no standard output where nobody gave it one. It names no company and no path. Docs: `docs/installing.md`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::time::midnight;
use store::{Clock as _, SystemClock};
use zeroize::Zeroizing;

use crate::credentials::KeyName;
use crate::desks::choice;
use crate::folders::Folders;
use crate::texts;

/// What is tried, in this order. The number is the code that the program ends with where this is the first to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Trial {
    /// The data folder can be made, written to, and nothing is left in it.
    Folder = 10,
    /// New files of a studio are made, written, closed, opened and read.
    Files = 11,
    /// The files of each desk of this computer are brought to this version and opened.
    Desks = 12,
    /// The keyring keeps a key, gives it back and forgets it.
    Keyring = 13,
    /// This computer trusts somebody: without that no sede can be spoken to.
    Trust = 14,
    /// The days of the sede begin when they do in Italy, also where the clock changes.
    Zone = 15,
}

/// What came of a trial: a figure or a word for the report, or why not.
type Tried = Result<String, String>;

/// Tries everything and reports. Answers the code to end with: 0 where all is well, else that of the first [`Trial`] that
/// failed; 1 where the report could not be written.
pub(crate) fn run(folders: &Folders, report_to: Option<&Path>) -> u8 {
    let results = tauri::async_runtime::block_on(all(folders));
    let report = report(&results);
    // A program of Windows that has a window may have no standard output: then there is the file.
    let _ = std::io::stdout().write_all(report.as_bytes());
    if let Some(file) = report_to
        && let Err(error) = std::fs::write(file, &report)
    {
        eprintln!("agenda-sede: {error}");
        return 1;
    }
    code(&results)
}

async fn all(folders: &Folders) -> Vec<(Trial, Tried)> {
    let now = SystemClock.now();
    vec![
        (Trial::Folder, folder(folders.root())),
        (Trial::Files, files(folders.root(), now).await),
        (Trial::Desks, desks(folders, now).await),
        (Trial::Keyring, keyring().await),
        (Trial::Trust, trust()),
        (Trial::Zone, zone()),
    ]
}

fn code(results: &[(Trial, Tried)]) -> u8 {
    let failed = results.iter().find(|(_, tried)| tried.is_err());
    failed.map_or(0, |(trial, _)| *trial as u8)
}

fn report(results: &[(Trial, Tried)]) -> String {
    let mut report = texts::selftest::title(env!("CARGO_PKG_VERSION"));
    report.push('\n');
    for (trial, tried) in results {
        let (mark, said) = match tried {
            Ok(said) => (texts::selftest::WELL, said),
            Err(why) => (texts::selftest::FAILED, why),
        };
        let _ = writeln!(report, "[{mark}] {}: {said}", texts::selftest::trial(*trial));
    }
    let _ = writeln!(report, "{}", texts::selftest::end(code(results)));
    report
}

/// A folder that is gone again when this is dropped.
fn passing(root: &Path) -> std::io::Result<tempfile::TempDir> {
    std::fs::create_dir_all(root)?;
    tempfile::Builder::new().prefix("selftest.").tempdir_in(root)
}

fn folder(root: &Path) -> Tried {
    let tried = passing(root).and_then(|folder| folder.close());
    tried
        .map(|()| texts::selftest::CAN_BE_WRITTEN.to_owned())
        .map_err(|error| error.kind().to_string())
}

async fn files(root: &Path, now: DateTime<Utc>) -> Tried {
    let passing = passing(root).map_err(|error| error.kind().to_string())?;
    match studio::selftest::write_and_read(passing.path(), now).await {
        Ok(true) => Ok(texts::selftest::READ_BACK.to_owned()),
        Ok(false) => Err(texts::selftest::NOT_READ_BACK.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

async fn desks(folders: &Folders, now: DateTime<Utc>) -> Tried {
    let (mut desks, mut drafts, mut repairs) = (0_u32, 0_u32, 0_usize);
    for desk in choice::all(folders) {
        let kept = studio::selftest::open_kept(folders.desk(&desk).folder(), now).await;
        let kept = kept.map_err(|error| error.to_string())?;
        desks += 1;
        drafts += kept.drafts;
        repairs += kept.repairs.len();
    }
    Ok(texts::selftest::desks(desks, drafts, repairs))
}

async fn keyring() -> Tried {
    let name = KeyName::of_selftest();
    let key = Zeroizing::new(uuid::Uuid::now_v7().to_string());
    let kept = async {
        name.write(key.clone()).await?;
        let read = name.read().await?;
        name.forget().await?;
        Ok::<_, crate::credentials::KeyringError>((read, name.read().await?))
    };
    match kept.await {
        Ok((Some(read), None)) if *read == *key => Ok(texts::selftest::KEPT_A_KEY.to_owned()),
        Ok(_) => Err(texts::selftest::LOST_A_KEY.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn trust() -> Tried {
    store_http::Trust::system()
        .map(|_| texts::selftest::TRUSTS.to_owned())
        .map_err(|error| error.to_string())
}

/// How far the first instants of days around both changes of the clock are before those in UTC.
fn zone() -> Tried {
    let days = [
        ((2026, 3, 29), 1),
        ((2026, 3, 30), 2),
        ((2026, 10, 25), 2),
        ((2026, 10, 26), 1),
    ];
    let right = days.iter().all(|&((year, month, day), hours)| {
        NaiveDate::from_ymd_opt(year, month, day)
            .is_some_and(|day| midnight(day) + TimeDelta::hours(hours) == day.and_time(NaiveTime::MIN).and_utc())
    });
    if right {
        Ok(texts::selftest::DAYS_BEGIN_RIGHT.to_owned())
    } else {
        Err(texts::selftest::DAYS_BEGIN_WRONG.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_failed_gives_the_code() {
        let well = || Ok(String::new());
        assert_eq!(code(&[(Trial::Folder, well()), (Trial::Zone, well())]), 0);
        let failed = [
            (Trial::Folder, well()),
            (Trial::Keyring, Err("no".into())),
            (Trial::Zone, Err("no".into())),
        ];
        assert_eq!(code(&failed), 13);
    }

    #[test]
    fn days_of_the_sede_begin_when_they_do_in_italy() {
        assert_eq!(zone(), Ok(texts::selftest::DAYS_BEGIN_RIGHT.to_owned()));
    }
}
