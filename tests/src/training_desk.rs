//! The desk of a training sede, made without the program: what is measured begins where a studio works.

use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use domain::time::Now;
use store::SystemClock;
use store_sqlite::SqliteStore;
use studio::view::desk::DeskView;
use studio::{Deaf, Options, Studio};
use sync::TracingWatcher;
use training::{Seed, Training};

/// Makes it in the data folder `data`, with so many tickets, read by its studio.
///
/// # Panics
/// Where the disk refuses.
pub async fn make(data: &Path, tickets: u32) {
    let folder = data.join("training");
    std::fs::create_dir_all(&folder).expect("a folder");
    let training = Training::new(Seed(6542), tickets, Now::at(Utc::now()));
    let store = SqliteStore::create(&folder.join("store.sqlite"), Arc::new(SystemClock))
        .await
        .expect("a new store");
    let rival = store.studio(&training::rival().code);
    training::load(&store.desk(), &rival, &training, &mut |_, _| {})
        .await
        .expect("the sede is filled");
    let studio = Studio::open(Options {
        desk: DeskView::training(),
        folder,
        clock: Arc::new(SystemClock),
        store: Some(Arc::new(store.studio(&training::studio().code))),
        watcher: Arc::new(TracingWatcher),
        listener: Arc::new(Deaf),
    });
    let studio = studio.await.expect("the studio's files can be opened");
    studio.sync_now().await.expect("the sede is read");
    studio.close().await;
    store.close().await;
}
