//! The panel of a desktop, as far as an icon beside the clock needs it: a service on the session bus at which the program
//! registers its icon, and through which a test opens the icon's menu and chooses in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zbus::blocking::{Connection, Proxy, connection};
use zbus::interface;
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};

use crate::waiting;

const PATH: &str = "/StatusNotifierWatcher";
const NAME: &str = "org.kde.StatusNotifierWatcher";

/// Who registered an icon, and where it is: the name on the bus and the object.
type Registered = Arc<Mutex<Option<(String, String)>>>;

struct Watcher(Registered);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    #[allow(clippy::needless_pass_by_value, reason = "so it is specified")]
    fn register_status_notifier_item(&self, #[zbus(header)] header: Header<'_>, object: String) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((sender, object));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLine {
    id: i32,
    /// What it says.
    pub text: String,
    /// Whether it can be chosen.
    pub enabled: bool,
}

/// See the module.
pub struct Panel {
    connection: Connection,
    registered: Registered,
}

impl Panel {
    /// Takes the icons of this session.
    ///
    /// # Panics
    /// Where there is no session bus, or somebody else takes them.
    #[must_use]
    pub fn begin() -> Self {
        let registered = Registered::default();
        let connection = connection::Builder::session()
            .and_then(|builder| builder.name(NAME))
            .and_then(|builder| builder.serve_at(PATH, Watcher(Arc::clone(&registered))))
            .and_then(connection::Builder::build)
            .expect("the session bus of the desktop");
        Self { connection, registered }
    }

    /// The menu of the icon, as soon as there is one.
    ///
    /// # Panics
    /// When no icon is ever registered.
    #[track_caller]
    #[must_use]
    pub fn menu(&self) -> Vec<MenuLine> {
        waiting::until("no icon beside the clock has a menu", || {
            let lines = self.lines()?;
            (!lines.is_empty()).then_some(lines)
        })
    }

    /// Chooses the line that says so, as soon as it can be chosen.
    ///
    /// # Panics
    /// When it never can.
    #[track_caller]
    pub fn choose(&self, text: &str) {
        let line = waiting::until(&format!("“{text}” can't be chosen beside the clock"), || {
            let lines = self.lines()?;
            lines.into_iter().find(|line| line.text == text && line.enabled)
        });
        let menu = self.proxy().expect("the icon is there");
        let nothing = Value::I32(0);
        menu.call::<_, _, ()>("Event", &(line.id, "clicked", nothing, 0_u32))
            .expect("the menu takes the choice");
    }

    fn proxy(&self) -> Option<Proxy<'_>> {
        let registered = self.registered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (owner, object) = registered?;
        let item = Proxy::new(&self.connection, owner.clone(), object, "org.kde.StatusNotifierItem").ok()?;
        let menu: OwnedObjectPath = item.get_property("Menu").ok()?;
        Proxy::new(&self.connection, owner, menu, "com.canonical.dbusmenu").ok()
    }

    fn lines(&self) -> Option<Vec<MenuLine>> {
        type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));
        let asked = (0_i32, -1_i32, Vec::<String>::new());
        let (_, (_, _, children)): Layout = self.proxy()?.call("GetLayout", &asked).ok()?;
        Some(children.into_iter().filter_map(line).collect())
    }
}

/// A line, out of what the bus says of it: its number, its properties, what lies below it.
fn line(child: OwnedValue) -> Option<MenuLine> {
    let said = Structure::try_from(child).ok()?;
    let [id, properties, _] = said.fields() else {
        return None;
    };
    let properties = HashMap::<String, OwnedValue>::try_from(properties.try_clone().ok()?).ok()?;
    Some(MenuLine {
        id: id.downcast_ref().ok()?,
        text: properties.get("label")?.downcast_ref::<&str>().ok()?.to_owned(),
        // What is not said is so.
        enabled: properties
            .get("enabled")
            .is_none_or(|enabled| enabled.downcast_ref().unwrap_or(true)),
    })
}
