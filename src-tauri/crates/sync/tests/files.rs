//! Stories of files (R10) on their way to the store: in pieces, before the booking that names them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod world;

use cache::drafts::{Attention, DraftPhase, DraftState};
use chrono::TimeDelta;
use domain::content::Limits;
use store::SedeDesk;
use world::firm::Firm;
use world::gate::{Call, Fault, unreachable};
use world::{World, slot_at};

/// A file of `bytes` bytes that begins as a PDF does.
async fn pdf(firm: &Firm, draft: &cache::drafts::Draft, bytes: usize) -> domain::attachment::Attachment {
    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize_with(bytes, || b'x');
    let source = firm.folder.join("istanza.pdf");
    std::fs::write(&source, content).unwrap();
    let taken = firm.cache.files.take(source, 3_145_728, |_, _| {}).await.unwrap();
    let cache::files::Taken::Kept(file) = taken else {
        panic!("{taken:?}")
    };
    let now = firm.engine.present();
    firm.cache.drafts.attach(draft.id, &file, 3, now).await.unwrap();
    file
}

#[tokio::test]
async fn a_file_that_is_interrupted_goes_on_where_the_store_left_it() {
    const BYTES: usize = 700 * 1024;
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    let file = pdf(&firm, &draft, BYTES).await;
    firm.send(&draft, None).await;
    // The question how much it has, and the first piece, arrive; the answer to the second piece gets lost.
    firm.gate.later(2, Call::Upload, Fault::After(unreachable()));
    firm.round().await;
    world.clock.advance(TimeDelta::seconds(2));
    assert_eq!(firm.round().await.booked, 1);
    let sent = firm.gate.bytes.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(sent, BYTES, "no byte twice");
    assert_eq!(firm.gate.count(Call::Upload), 5, "two questions, three pieces");
    assert_eq!(firm.agenda().await[0].content.attachments, [file]);
}

#[tokio::test]
async fn a_file_that_is_gone_or_damaged_asks_for_attention_before_anything_is_booked() {
    for damaged in [false, true] {
        let world = World::with_one_ticket().await;
        let firm = Firm::open(&world, 1).await;
        firm.round().await;
        let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
        let file = pdf(&firm, &draft, 5_000).await;
        firm.send(&draft, None).await;
        let copy = firm.cache.files.path(file.hash);
        if damaged {
            std::fs::write(&copy, vec![b'y'; 5_000]).unwrap();
        } else {
            std::fs::remove_file(&copy).unwrap();
        }
        assert_eq!(firm.round().await.refused, 1);
        assert_eq!(firm.gate.count(Call::Book), 0);
        assert_eq!(
            firm.again(&draft).await.state,
            DraftState::NeedsAttention {
                why: Attention::AttachmentLost { name: file.name }
            }
        );
    }
}

#[tokio::test]
async fn a_file_for_which_the_sede_has_no_room_asks_for_attention() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    let limits = Limits {
        studio_bytes_max: 1_000,
        ..Limits::default()
    };
    world.store.desk().set_limits(limits).await.unwrap();
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    pdf(&firm, &draft, 5_000).await;
    firm.send(&draft, None).await;
    assert_eq!(firm.round().await.refused, 1);
    assert_eq!(firm.gate.count(Call::Book), 0);
    let why = Attention::NoRoomForFiles;
    assert_eq!(firm.again(&draft).await.state, DraftState::NeedsAttention { why });
}

#[tokio::test]
async fn a_limit_that_the_sede_lowered_is_found_out_when_the_file_is_sent() {
    let world = World::with_one_ticket().await;
    let firm = Firm::open(&world, 1).await;
    firm.round().await;
    let draft = firm.draft(&["LU-1"], vec![slot_at(11, 26, 9, 30)]).await;
    pdf(&firm, &draft, 5_000).await;
    firm.send(&draft, None).await;
    let limits = Limits {
        file_bytes_max: 1_000,
        ..Limits::default()
    };
    world.store.desk().set_limits(limits).await.unwrap();
    assert_eq!(firm.round().await.refused, 1);
    assert_eq!(firm.again(&draft).await.state.phase(), DraftPhase::NeedsAttention);
    assert_eq!(firm.agenda().await.len(), 0);
}
