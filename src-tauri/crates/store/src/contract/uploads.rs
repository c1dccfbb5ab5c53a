//! R10: files, piece by piece.

use domain::attachment::{Attachment, FileKind, FileName};
use domain::code::ContentHash;
use domain::content::Limits;

use super::Bench;
use super::world::{THURSDAY, World, booking};
use crate::{Upload, UploadOutcome, UploadRefusal};

/// A small file that is a PDF by content.
pub(super) const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

/// What is said of a file that is sent whole and honestly.
pub(super) fn upload_of(content: &[u8]) -> Upload {
    Upload {
        hash: ContentHash::of(content),
        bytes: content.len() as u64,
        kind: FileKind::Pdf,
    }
}

/// The same file in a booking.
pub(super) fn pdf(content: &[u8]) -> Attachment {
    Attachment {
        hash: ContentHash::of(content),
        name: FileName::sanitised("ricevuta.pdf"),
        kind: FileKind::Pdf,
        bytes: content.len() as u64,
    }
}

const fn partial(next: u64) -> UploadOutcome {
    UploadOutcome::Partial { next }
}

const fn refused(why: UploadRefusal) -> UploadOutcome {
    UploadOutcome::Refused { why }
}

pub async fn a_file_sent_in_pieces_is_complete_and_can_be_booked_with<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let upload = upload_of(PDF);
    assert_eq!(world.alfa.upload(&upload, 0, &PDF[..10]).await, Ok(partial(10)));
    assert_eq!(world.alfa.upload(&upload, 10, &PDF[10..30]).await, Ok(partial(30)));
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.content.attachments = vec![pdf(PDF)];
    world.refused(&asked).await;
    assert_eq!(world.alfa.upload(&upload, 30, &PDF[30..]).await, Ok(UploadOutcome::Complete));
    assert_eq!(
        world.alfa.upload(&upload, 30, &PDF[30..]).await,
        Ok(UploadOutcome::Complete),
        "a piece that is repeated when all is there does no harm"
    );
    let appointment = world.book(&asked).await;
    assert_eq!(appointment.content.attachments, asked.content.attachments);
}

pub async fn a_file_is_resumed_where_it_was_cut<B: Bench>() {
    let world = World::<B>::new().await;
    let upload = upload_of(PDF);
    assert_eq!(world.alfa.upload(&upload, 0, &[]).await, Ok(partial(0)), "an empty piece asks");
    world.alfa.upload(&upload, 0, &PDF[..20]).await.expect("an outcome");
    assert_eq!(world.alfa.upload(&upload, 0, &[]).await, Ok(partial(20)), "what arrived is kept");
    assert_eq!(world.alfa.upload(&upload, 0, &PDF[..20]).await, Ok(partial(20)), "repeated");
    assert_eq!(world.alfa.upload(&upload, 10, &PDF[10..40]).await, Ok(partial(40)), "overlapping");
    assert_eq!(world.alfa.upload(&upload, 40, &PDF[40..]).await, Ok(UploadOutcome::Complete));
}

pub async fn a_gap_is_not_kept<B: Bench>() {
    let world = World::<B>::new().await;
    let upload = upload_of(PDF);
    assert_eq!(world.alfa.upload(&upload, 5, &PDF[5..]).await, Ok(partial(0)));
    world.alfa.upload(&upload, 0, &PDF[..5]).await.expect("an outcome");
    assert_eq!(world.alfa.upload(&upload, 6, &PDF[6..]).await, Ok(partial(5)));
    assert_eq!(world.alfa.upload(&upload, u64::MAX, &PDF[6..]).await, Ok(partial(5)));
    assert_eq!(world.alfa.upload(&upload, 5, &PDF[5..]).await, Ok(UploadOutcome::Complete));
}

pub async fn content_of_another_hash_is_refused_and_forgotten<B: Bench>() {
    let world = World::<B>::new().await;
    let upload = upload_of(PDF);
    let mut other = PDF.to_vec();
    other[20] ^= 1;
    assert_eq!(world.alfa.upload(&upload, 0, &other).await, Ok(refused(UploadRefusal::WrongHash)));
    assert_eq!(world.alfa.upload(&upload, 0, &[]).await, Ok(partial(0)), "nothing is kept of it");
    assert_eq!(world.alfa.upload(&upload, 0, PDF).await, Ok(UploadOutcome::Complete));
}

pub async fn content_of_another_kind_is_refused_and_forgotten<B: Bench>() {
    let world = World::<B>::new().await;
    let text = b"MZ: a program that says it is a PDF";
    for kind in [FileKind::Pdf, FileKind::Jpeg, FileKind::Png, FileKind::Tiff] {
        let upload = Upload { kind, ..upload_of(text) };
        let outcome = world.alfa.upload(&upload, 0, text).await;
        assert_eq!(outcome, Ok(refused(UploadRefusal::WrongKind)), "R10: by content");
    }
    let upload = Upload {
        kind: FileKind::Png,
        ..upload_of(PDF)
    };
    assert_eq!(world.alfa.upload(&upload, 0, PDF).await, Ok(refused(UploadRefusal::WrongKind)));
    assert_eq!(world.alfa.upload(&upload, 0, &[]).await, Ok(partial(0)), "nothing is kept of it");
}

pub async fn a_studio_s_files_have_room_up_to_the_limit<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let limits = Limits {
        studio_bytes_max: 2 * PDF.len() as u64 + 1,
        ..Limits::default()
    };
    world.desk.set_limits(limits).await.expect("set");
    let other = |end: &[u8]| [PDF, end].concat();
    let (one, two, three) = (other(b""), other(b"\n"), other(b"\n\n"));
    for file in [&one, &two] {
        assert_eq!(world.alfa.upload(&upload_of(file), 0, file).await, Ok(UploadOutcome::Complete));
    }
    for piece in [&three[..0], &three[..10], &three[..]] {
        let outcome = world.alfa.upload(&upload_of(&three), 0, piece).await;
        assert_eq!(outcome, Ok(refused(UploadRefusal::NoRoom)), "before anything is sent in vain");
    }
    assert_eq!(
        world.alfa.upload(&upload_of(&one), 0, &[]).await,
        Ok(UploadOutcome::Complete),
        "what is there needs no room"
    );
    assert_eq!(
        world.beta.upload(&upload_of(&three), 0, &three).await,
        Ok(UploadOutcome::Complete),
        "each studio has room of its own"
    );
}

pub async fn a_file_is_kept_where_an_appointment_names_it_and_forgotten_after_a_month_otherwise<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let (named, asked_for, unnamed) = (PDF.to_vec(), [PDF, b"\n"].concat(), [PDF, b"\n\n"].concat());
    for file in [&named, &asked_for, &unnamed] {
        assert_eq!(world.alfa.upload(&upload_of(file), 0, file).await, Ok(UploadOutcome::Complete));
    }
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.content.attachments = vec![pdf(&named)];
    world.book(&asked).await;
    world.it_is("2026-12-22T10:00");
    assert_eq!(world.alfa.upload(&upload_of(&asked_for), 0, &[]).await, Ok(UploadOutcome::Complete));
    world.it_is("2026-12-24T10:00");
    assert_eq!(world.alfa.upload(&upload_of(&unnamed), 0, &[]).await, Ok(partial(0)), "nobody wanted it");
    for file in [&named, &asked_for] {
        assert_eq!(world.alfa.upload(&upload_of(file), 0, &[]).await, Ok(UploadOutcome::Complete));
    }
    world.it_is("2027-06-01T10:00");
    assert_eq!(world.alfa.upload(&upload_of(&asked_for), 0, &[]).await, Ok(partial(0)), "nobody wanted it");
    assert_eq!(world.alfa.upload(&upload_of(&named), 0, &[]).await, Ok(UploadOutcome::Complete));
}

pub async fn a_file_that_is_too_large_or_empty_is_refused<B: Bench>() {
    let world = World::<B>::new().await;
    let limits = Limits {
        file_bytes_max: PDF.len() as u64,
        ..Limits::default()
    };
    world.desk.set_limits(limits).await.expect("set");
    let mut large = PDF.to_vec();
    large.push(b'\n');
    let outcome = world.alfa.upload(&upload_of(&large), 0, &large[..5]).await;
    assert_eq!(outcome, Ok(refused(UploadRefusal::TooLarge)), "before anything is sent in vain");
    let outcome = world.alfa.upload(&upload_of(b""), 0, b"").await;
    assert_eq!(outcome, Ok(refused(UploadRefusal::Empty)));
    assert_eq!(world.alfa.upload(&upload_of(PDF), 0, PDF).await, Ok(UploadOutcome::Complete), "at the limit");
}

pub async fn more_bytes_than_were_said_are_refused<B: Bench>() {
    let world = World::<B>::new().await;
    let upload = upload_of(PDF);
    let mut more = PDF.to_vec();
    more.push(b'\n');
    assert_eq!(world.alfa.upload(&upload, 0, &more).await, Ok(refused(UploadRefusal::WrongHash)));
    assert_eq!(world.alfa.upload(&upload, 0, &[]).await, Ok(partial(0)), "nothing is kept of it");
}
