//! Attachments of a draft (R10).

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use office::{Office, code, failure};
use studio::view::app::{Progress, Work};
use studio::view::attachments::{FileKindView, FileRefusal};
use studio::view::drafts::{AttentionView, DraftStateView};
use studio::view::failure::FailureCode;

const PDF: &[u8] = b"%PDF-1.7\nuna istanza";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\nuna visura";

#[tokio::test]
async fn files_are_taken_by_content_and_a_refused_one_says_why_while_the_others_stay() {
    let office = Office::new().await;
    let draft = office.prepare(&["LU-1"]).await;
    let mut large = PDF.to_vec();
    large.resize(3 * 1024 * 1024 + 1, b'x');
    let paths = vec![
        office.file("istanza.pdf", PDF),
        office.file("contratto.docx", b"PK\x03\x04 un contratto"),
        office.file("vuoto.pdf", b""),
        office.file("grande.pdf", &large),
        office.world.folder.path().join("desktop"),
        office.world.folder.path().join("non-c'è.pdf"),
        office.file("copia.pdf", PDF),
        office.file("visura.txt", PNG),
    ];
    let outcome = office.studio.attach(&draft.id, paths).await.unwrap();
    let taken: Vec<_> = outcome
        .draft
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.kind))
        .collect();
    assert_eq!(
        taken,
        [("istanza.pdf", FileKindView::Pdf), ("visura.txt", FileKindView::Png)]
    );
    let refused: Vec<_> = outcome
        .refused
        .iter()
        .map(|file| (file.name.as_str(), &file.reason))
        .collect();
    assert_eq!(
        refused,
        [
            ("contratto.docx", &FileRefusal::WrongKind),
            ("vuoto.pdf", &FileRefusal::Empty),
            (
                "grande.pdf",
                &FileRefusal::TooLarge {
                    bytes: 3 * 1024 * 1024 + 1,
                    max: 3 * 1024 * 1024
                }
            ),
            ("desktop", &FileRefusal::Folder),
            ("non-c'è.pdf", &FileRefusal::Unreadable),
            ("copia.pdf", &FileRefusal::AlreadyThere),
        ]
    );
    let more = vec![
        office.file("tre.pdf", b"%PDF-1.4 tre"),
        office.file("quattro.pdf", b"%PDF-1.4 quattro"),
    ];
    let outcome = office.studio.attach(&draft.id, more).await.unwrap();
    assert_eq!(outcome.draft.attachments.len(), 3);
    assert_eq!(outcome.refused[0].reason, FileRefusal::TooMany { max: 3 });
}

#[tokio::test]
async fn copying_a_large_file_is_told_with_its_figures_and_a_small_one_is_not() {
    let office = Office::new().await;
    let draft = office.prepare(&["LU-1"]).await;
    let small = vec![office.file("istanza.pdf", PDF)];
    office.studio.attach(&draft.id, small).await.unwrap();
    let told = || std::mem::take(&mut *office.heard.progress.lock().unwrap());
    assert_eq!(told(), [], "it was over before anybody could read a figure");
    let mut large = PDF.to_vec();
    large.resize(1024 * 1024, b'x');
    let large = vec![office.file("contratto.pdf", &large)];
    office.studio.attach(&draft.id, large).await.unwrap();
    let told = told();
    let whole = |progress: &Progress| (progress.work, progress.total) == (Work::CopyAttachment, 1024);
    assert!(told.iter().all(whole), "of 1,024 KiB: {told:?}");
    let done: Vec<u32> = told.iter().map(|progress| progress.done).collect();
    assert!(
        done.first() < Some(&1024),
        "the first figure comes before it is done: {done:?}"
    );
    assert!(done.is_sorted_by(|before, after| before < after), "{done:?}");
    assert_eq!(done.last(), Some(&1024), "it ends when it is done");
}

#[tokio::test]
async fn hostile_names_do_no_harm() {
    let office = Office::new().await;
    let draft = office.prepare(&["LU-1"]).await;
    let long = format!("{}.pdf", "è".repeat(120));
    let paths = vec![
        office.file("..pdf", b"%PDF-1"),
        office.file(&long, b"%PDF-2"),
        office.file("CON.pdf", b"%PDF-3"),
    ];
    let taken = office.studio.attach(&draft.id, paths).await.unwrap().draft.attachments;
    assert_eq!(taken.len(), 3);
    for file in &taken {
        assert!(file.name.chars().count() <= 120);
        let path = office.studio.attachment_path(&draft.id, &file.hash).await.unwrap();
        assert!(path.starts_with(office.world.folder.path().join("desk").join("opened")));
        assert!(path.extension().is_some_and(|ending| ending == "pdf"));
        assert!(path.is_file());
    }
    assert_ne!(taken[2].name, "CON.pdf");
    let draft = office.studio.draft_discard(&draft.id).await.unwrap();
    let emoji = office.prepare(&["LU-1"]).await;
    let outcome = office
        .studio
        .attach(&emoji.id, vec![office.file("visura 📎👩‍💻.pdf", PDF)])
        .await
        .unwrap();
    assert_eq!(outcome.draft.attachments[0].name, "visura 📎👩‍💻.pdf");
    assert_eq!(draft.state, DraftStateView::Discarded);
}

#[tokio::test]
async fn a_file_is_opened_and_removed_by_its_content() {
    let office = Office::new().await;
    let draft = office.prepare(&["LU-1"]).await;
    let outcome = office
        .studio
        .attach(&draft.id, vec![office.file("fattura.pdf.exe", PDF)])
        .await
        .unwrap();
    let hash = outcome.draft.attachments[0].hash.clone();
    let path = office.studio.attachment_path(&draft.id, &hash).await.unwrap();
    assert_eq!(path.file_name().unwrap(), "fattura.pdf.exe.pdf", "opened as what it is");
    assert_eq!(std::fs::read(&path).unwrap(), PDF);
    for unknown in ["", "..", &hash.to_uppercase(), &"0".repeat(64), "../../studio.db"] {
        assert_eq!(
            code(office.studio.attachment_path(&draft.id, unknown).await),
            FailureCode::UnknownAttachment
        );
        assert_eq!(
            code(office.studio.attachment_remove(&draft.id, unknown).await),
            FailureCode::UnknownAttachment
        );
    }
    let other = office.prepare(&["LU-2"]).await;
    assert_eq!(
        code(office.studio.attachment_path(&other.id, &hash).await),
        FailureCode::UnknownAttachment,
        "of another draft"
    );
    let removed = office.studio.attachment_remove(&draft.id, &hash).await.unwrap();
    assert_eq!(removed.attachments, []);
}

#[tokio::test]
async fn a_sent_draft_takes_no_files_and_gives_none_back() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let taken = office
        .studio
        .attach(&draft.id, vec![office.file("istanza.pdf", PDF)])
        .await
        .unwrap();
    let hash = taken.draft.attachments[0].hash.clone();
    office.send(&taken.draft).await;
    let late = office
        .studio
        .attach(&draft.id, vec![office.file("tardi.png", PNG)])
        .await;
    assert_eq!(code(late), FailureCode::DraftLocked);
    assert_eq!(
        code(office.studio.attachment_remove(&draft.id, &hash).await),
        FailureCode::DraftLocked
    );
    let too_many = office.studio.attach(&draft.id, vec!["x".into(); 51]).await;
    assert_eq!(failure(too_many).details.argument.as_deref(), Some("files"));
    office.studio.sync_now().await.unwrap();
    let booked = office.studio.draft_open(&draft.id).await.unwrap();
    let opened = office
        .studio
        .appointment_open(&booked.appointment.unwrap())
        .await
        .unwrap();
    assert_eq!(opened.attachments, taken.draft.attachments, "the sede has it");
}

#[tokio::test]
async fn a_file_that_vanished_from_this_computer_is_named() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let taken = office
        .studio
        .attach(&draft.id, vec![office.file("istanza.pdf", PDF)])
        .await
        .unwrap();
    office.send(&taken.draft).await;
    let folder = office.world.folder.path().join("desk/attachments");
    std::fs::remove_file(folder.join(&taken.draft.attachments[0].hash)).unwrap();
    office.studio.sync_now().await.unwrap();
    let refused = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(
        refused.attention,
        Some(AttentionView::AttachmentLost {
            name: "istanza.pdf".into()
        })
    );
}
