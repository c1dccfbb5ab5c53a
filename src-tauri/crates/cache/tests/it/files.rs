//! Attachments' contents: known by their hash, checked by their content, never half there.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use cache::files::{FileRefusal, Taken};
use chrono::TimeDelta;
use domain::attachment::{Attachment, FileKind, FileName};
use domain::code::ContentHash;

use crate::world::{Desk, now};

const MAX: u64 = 3 * 1024 * 1024;

fn pdf(bytes: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize(bytes, b'x');
    content
}

fn kept_names(desk: &Desk) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(desk.folder.path().join("attachments"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

async fn take(desk: &Desk, path: &Path) -> Taken {
    desk.cache
        .files
        .take(path.to_owned(), MAX, |_, _| {})
        .await
        .expect("takes")
}

fn write(desk: &Desk, name: &str, content: &[u8]) -> std::path::PathBuf {
    let path = desk.folder.path().join(name);
    fs::write(&path, content).expect("writes");
    path
}

#[tokio::test]
async fn a_file_is_kept_under_its_hash_and_outlives_its_source() {
    let desk = Desk::new().await;
    let content = pdf(200_000);
    let path = write(&desk, "delega.pdf", &content);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&seen);
    let taken = desk
        .cache
        .files
        .take(path.clone(), MAX, move |done, all| {
            listener.lock().expect("no panic").push((done, all));
        })
        .await
        .expect("takes");
    let hash = ContentHash::of(&content);
    assert_eq!(
        taken,
        Taken::Kept(Attachment {
            hash,
            name: FileName::sanitised("delega.pdf"),
            kind: FileKind::Pdf,
            bytes: 200_000
        })
    );
    let seen = seen.lock().expect("no panic").clone();
    assert!(seen.len() > 1 && seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.last(), Some(&(200_000, 200_000)));
    fs::remove_file(path).expect("removes");
    assert_eq!(fs::read(desk.cache.files.path(hash)).expect("is there"), content);
    assert!(desk.cache.files.is_intact(hash).await.expect("reads"));
    let piece = desk.cache.files.piece(hash, 199_990, 64).await.expect("reads");
    assert_eq!(piece, content[199_990..]);
    assert!(
        desk.cache
            .files
            .piece(hash, 200_000, 64)
            .await
            .expect("reads")
            .is_empty()
    );
    let again = write(&desk, "copia.pdf", &content);
    assert!(matches!(take(&desk, &again).await, Taken::Kept(attachment) if attachment.hash == hash));
    assert_eq!(kept_names(&desk), [hash.to_string()], "one content, one file");
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let desk = Desk::new().await;
    let cases = [
        (write(&desk, "vuoto.pdf", b""), FileRefusal::Empty),
        (write(&desk, "finto.pdf", b"MZ\x90\0 a program"), FileRefusal::WrongKind),
        (
            write(&desk, "grande.pdf", &pdf(usize::try_from(MAX).expect("fits") + 1)),
            FileRefusal::TooLarge {
                bytes: MAX + 1,
                max: MAX,
            },
        ),
        (desk.folder.path().to_owned(), FileRefusal::NotAFile),
        (desk.folder.path().join("non-esiste.pdf"), FileRefusal::Unreadable),
    ];
    for (path, why) in cases {
        assert_eq!(take(&desk, &path).await, Taken::Refused(why));
    }
    assert_eq!(kept_names(&desk), [""; 0]);
    let path = write(&desk, "giusto.pdf", &pdf(usize::try_from(MAX).expect("fits")));
    assert!(
        matches!(take(&desk, &path).await, Taken::Kept(_)),
        "the limit itself is allowed"
    );
}

#[tokio::test]
async fn the_content_says_the_kind_whatever_the_name() {
    let desk = Desk::new().await;
    for (content, kind) in [
        (&b"\xFF\xD8\xFF\xE0 jpeg"[..], FileKind::Jpeg),
        (b"\x89PNG\r\n\x1A\n png", FileKind::Png),
        (b"II\x2A\0 tiff", FileKind::Tiff),
        (b"\n\n%PDF-1.4", FileKind::Pdf),
    ] {
        let path = write(&desk, "documento.exe", content);
        assert!(matches!(take(&desk, &path).await, Taken::Kept(attachment) if attachment.kind == kind));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_hostile_name_is_only_ever_text() {
    let desk = Desk::new().await;
    for (n, name) in [
        "..pdf",
        "...",
        "CON.pdf",
        "com1.pdf",
        "a\\..\\..\\b.pdf",
        "a:b|c?.pdf",
        "\u{202e}fdp.exe",
        "🙂🙂.pdf",
        "-rf.pdf",
        "a\nb.pdf",
        &format!("{}.pdf", "x".repeat(240)),
    ]
    .into_iter()
    .enumerate()
    {
        let path = write(&desk, name, &pdf(100 + n));
        let Taken::Kept(attachment) = take(&desk, &path).await else {
            panic!("{name:?} is refused");
        };
        assert_eq!(attachment.name, FileName::sanitised(name));
        fs::remove_file(path).expect("removes");
    }
    for kept in kept_names(&desk) {
        assert!(
            kept.parse::<ContentHash>().is_ok(),
            "on the disk there are only hashes: {kept}"
        );
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_device_is_no_file_and_what_can_not_be_read_is_refused() {
    let desk = Desk::new().await;
    let refused = take(&desk, Path::new("/dev/zero")).await;
    assert_eq!(refused, Taken::Refused(FileRefusal::NotAFile));
    // A file of the kernel's that opens and then fails to be read at its beginning.
    let refused = take(&desk, Path::new("/proc/self/mem")).await;
    assert_eq!(refused, Taken::Refused(FileRefusal::Unreadable));
    assert_eq!(kept_names(&desk), [""; 0]);
}

#[tokio::test]
async fn a_damaged_content_is_noticed() {
    let desk = Desk::new().await;
    let path = write(&desk, "delega.pdf", &pdf(1_000));
    let Taken::Kept(attachment) = take(&desk, &path).await else {
        panic!("is refused");
    };
    let kept = desk.cache.files.path(attachment.hash);
    let mut content = fs::read(&kept).expect("is there");
    content[500] ^= 1;
    fs::write(&kept, content).expect("writes");
    assert!(!desk.cache.files.is_intact(attachment.hash).await.expect("reads"));
    fs::remove_file(kept).expect("removes");
    assert!(!desk.cache.files.is_intact(attachment.hash).await.expect("reads"));
    assert!(desk.cache.files.piece(attachment.hash, 0, 10).await.is_err());
}

#[tokio::test]
async fn collection_removes_what_no_draft_names_and_nothing_young() {
    let desk = Desk::new().await;
    let mut kept = Vec::new();
    for n in 0..4 {
        let path = write(&desk, "f.pdf", &pdf(100 + n));
        let Taken::Kept(attachment) = take(&desk, &path).await else {
            panic!("is refused");
        };
        kept.push(attachment);
    }
    let folder = desk.folder.path().join("attachments");
    fs::write(folder.join("incoming-half"), b"half").expect("writes");
    fs::write(folder.join("leggimi.txt"), b"not ours").expect("writes");
    let drafts = &desk.cache.drafts;
    for (n, attachment) in [(1, &kept[0]), (2, &kept[1]), (3, &kept[2])] {
        let draft = desk.draft(n, &[&format!("LU-{n}")]).await;
        drafts.attach(draft.id, attachment, 3, now()).await.expect("attaches");
    }
    drafts
        .discard(crate::world::draft_id(2), now() - TimeDelta::days(5))
        .await
        .expect("discards");
    drafts
        .discard(crate::world::draft_id(3), now() - TimeDelta::days(31))
        .await
        .expect("discards");
    assert_eq!(
        desk.cache.files.collect(now()).await.expect("collects"),
        0,
        "a draft may be about to name it"
    );
    let two_hours_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    for entry in fs::read_dir(&folder).expect("a folder") {
        let file = fs::File::options()
            .write(true)
            .open(entry.expect("an entry").path())
            .expect("opens");
        file.set_modified(two_hours_ago).expect("sets");
    }
    assert_eq!(desk.cache.files.collect(now()).await.expect("collects"), 3);
    let mut expected = vec![
        kept[0].hash.to_string(),
        kept[1].hash.to_string(),
        "leggimi.txt".to_owned(),
    ];
    expected.sort_unstable();
    assert_eq!(kept_names(&desk), expected);
}
