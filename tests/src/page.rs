//! The page as a person finds their way in it: by what a thing is and what it is called in Italian.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::waiting;
use crate::webdriver::{Element, Session, key};

const FIND: &str = include_str!("find.js");

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Something to press.
    Button,
    /// Something that leads elsewhere.
    Link,
    /// Something to write in.
    Textbox,
    /// A tick.
    Checkbox,
    /// One of several.
    Radio,
    /// A list to choose from.
    Combobox,
    /// A title.
    Heading,
    /// A row of a table.
    Row,
    /// A window in the page.
    Dialog,
    /// A choice in a list.
    Option,
    /// An entry of a list.
    Listitem,
    /// A part of the page with a name.
    Region,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "link",
            Self::Textbox => "textbox",
            Self::Checkbox => "checkbox",
            Self::Radio => "radio",
            Self::Combobox => "combobox",
            Self::Heading => "heading",
            Self::Row => "row",
            Self::Dialog => "dialog",
            Self::Option => "option",
            Self::Listitem => "listitem",
            Self::Region => "region",
        }
    }
}

/// What a thing is called.
#[derive(Debug, Clone, Copy)]
pub enum Called<'a> {
    /// Exactly so.
    Is(&'a str),
    /// It begins so.
    Starts(&'a str),
    /// It holds this.
    Has(&'a str),
}

impl<'a> From<&'a str> for Called<'a> {
    fn from(name: &'a str) -> Self {
        Self::Is(name)
    }
}

impl Called<'_> {
    const fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Is(name) => ("is", name),
            Self::Starts(name) => ("starts", name),
            Self::Has(name) => ("has", name),
        }
    }
}

/// Something found in the page, as it was at that moment.
#[derive(Debug, Clone)]
pub struct Thing {
    /// For a click.
    pub element: Element,
    /// Its accessible name.
    pub name: String,
    /// The text in it.
    pub text: String,
    /// What is written in it, for a control.
    pub value: Option<String>,
    /// Whether it can be used.
    pub enabled: bool,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// Whether it is ticked or chosen.
    pub checked: bool,
    /// Whether it is pressed in.
    pub pressed: bool,
}

impl Thing {
    fn from_json(value: &Value) -> Option<Self> {
        let flag = |name: &str| value[name].as_bool().unwrap_or_default();
        Some(Self {
            element: Element::from_json(&value["element"])?,
            name: value["name"].as_str()?.to_owned(),
            text: value["text"].as_str()?.to_owned(),
            value: value["value"].as_str().map(str::to_owned),
            enabled: flag("enabled"),
            focused: flag("focused"),
            checked: flag("checked"),
            pressed: flag("pressed"),
        })
    }
}

/// The page of a session, or a part of it.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    session: &'a Session,
    scope: Option<&'a str>,
    patience: Duration,
}

impl<'a> Page<'a> {
    /// The whole page.
    pub const fn of(session: &'a Session) -> Self {
        Self {
            session,
            scope: None,
            patience: waiting::PATIENCE,
        }
    }

    /// Only what is inside the first element that `selector` (CSS) names.
    #[must_use]
    pub const fn within(self, selector: &'a str) -> Self {
        Self {
            session: self.session,
            scope: Some(selector),
            patience: self.patience,
        }
    }

    /// Ready to wait longer.
    #[must_use]
    pub const fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// All visible things of this `role` that are called so.
    pub fn all<'n>(&self, role: Role, called: impl Into<Called<'n>>) -> Vec<Thing> {
        let called = called.into();
        let (how, name) = called.parts();
        let arguments = [json!(role.name()), json!(how), json!(name), json!(self.scope)];
        // While the page is changed under the script there is nothing to be found in it.
        let found = self.session.run(FIND, &arguments).unwrap_or_default();
        found
            .as_array()
            .map(|things| things.iter().filter_map(Thing::from_json).collect())
            .unwrap_or_default()
    }

    /// The first of them, if there is one now.
    pub fn now<'n>(&self, role: Role, called: impl Into<Called<'n>>) -> Option<Thing> {
        self.all(role, called).into_iter().next()
    }

    /// The first of them, as soon as it is there.
    ///
    /// # Panics
    /// When it never comes.
    #[track_caller]
    pub fn find<'n>(&self, role: Role, called: impl Into<Called<'n>>) -> Thing {
        let called = called.into();
        self.wait(&format!("no {role:?} called {called:?}"), |page| page.now(role, called))
    }

    /// Waits until there is none.
    ///
    /// # Panics
    /// When it stays.
    #[track_caller]
    pub fn gone<'n>(&self, role: Role, called: impl Into<Called<'n>>) {
        let called = called.into();
        self.wait(&format!("the {role:?} called {called:?} stays"), |page| {
            page.now(role, called).is_none().then_some(())
        });
    }

    /// Clicks it as soon as it can be used and nothing lies above it.
    ///
    /// # Panics
    /// When that never comes.
    #[track_caller]
    pub fn click<'n>(&self, role: Role, called: impl Into<Called<'n>>) {
        let called = called.into();
        self.wait(&format!("no {role:?} called {called:?} can be clicked"), |page| {
            let thing = page.now(role, called).filter(|thing| thing.enabled)?;
            page.rests(&thing.element)
                .then(|| page.session.click(&thing.element).ok())?
        });
    }

    /// Whether an element stays where it is from one picture to the next: nobody hits what is still moving. One of which only
    /// an edge is in sight is scrolled to first, as people do; the driver would leave it there, and find its middle covered.
    fn rests(&self, element: &Element) -> bool {
        let script = "const [element, done] = arguments;\
                      element.scrollIntoView({ block: 'nearest', inline: 'nearest' });\
                      const place = () => JSON.stringify(element.getBoundingClientRect());\
                      const before = place();\
                      requestAnimationFrame(() => requestAnimationFrame(() => done(place() === before)));";
        let rests = self.session.run_until_called(script, &[element.to_json()]);
        rests.ok().and_then(|rests| rests.as_bool()).unwrap_or_default()
    }

    /// Waits until `look` finds something in the page.
    ///
    /// # Panics
    /// With `what`, and what the page shows instead.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        let started = Instant::now();
        while started.elapsed() < self.patience {
            if let Some(found) = look(self) {
                return found;
            }
            // The page has the processor until its next picture.
            let _ = self.session.run_until_called(
                "const [done] = arguments; requestAnimationFrame(() => setTimeout(done, 15));",
                &[],
            );
        }
        let whole = Page { scope: None, ..*self };
        panic!("{what}.\nThe page shows:\n{}", whole.text());
    }

    /// What can be read in the page.
    pub fn text(&self) -> String {
        let script = "const root = arguments[0] ? document.querySelector(arguments[0]) : document.body; \
                      return root ? root.innerText : '';";
        let text = self.session.run(script, &[json!(self.scope)]).unwrap_or_default();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until `text` can be read in the page.
    ///
    /// # Panics
    /// When it never can.
    #[track_caller]
    pub fn reads(&self, text: &str) {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = plain(text);
        self.wait(&format!("“{text}” is nowhere to be read"), |page| {
            plain(&page.text()).contains(&wanted).then_some(())
        });
    }

    /// Writes `text` in place of what is in a field, key by key.
    ///
    /// # Panics
    /// When there is no such field.
    #[track_caller]
    pub fn write<'n>(&self, field: impl Into<Called<'n>>, text: &str) {
        let field = field.into();
        self.click(Role::Textbox, field);
        self.type_over(text);
        self.wait(&format!("the field {field:?} does not take “{text}”"), |page| {
            let value = page.now(Role::Textbox, field)?.value?;
            (value == text).then_some(())
        });
    }

    /// Writes `text` over what is in the field that has the keyboard.
    #[track_caller]
    pub fn type_over(&self, text: &str) {
        self.press_with(&[key::CONTROL], 'a');
        self.press(text.chars());
    }

    /// Presses `keys`, one after the other.
    ///
    /// # Panics
    /// Where the driver refuses.
    #[track_caller]
    pub fn press(&self, keys: impl IntoIterator<Item = char>) {
        self.session.press(keys).expect("keys can be pressed");
    }

    /// Presses `key` while `held` are down.
    ///
    /// # Panics
    /// Where the driver refuses.
    #[track_caller]
    pub fn press_with(&self, held: &[char], key: char) {
        self.session.press_with(held, key).expect("keys can be pressed");
    }

    /// Presses Tab until the thing has the keyboard. It must be reached within one round through the page.
    ///
    /// # Panics
    /// When it never has.
    #[track_caller]
    pub fn tab_to<'n>(&self, role: Role, called: impl Into<Called<'n>>) -> Thing {
        self.keys_to(&[key::TAB], role, called)
    }

    /// Presses `keys` again and again until the thing has the keyboard.
    ///
    /// # Panics
    /// When it never has.
    #[track_caller]
    pub fn keys_to<'n>(&self, keys: &[char], role: Role, called: impl Into<Called<'n>>) -> Thing {
        let called = called.into();
        let focused = |page: &Self| page.all(role, called).into_iter().find(|thing| thing.focused);
        self.find(role, called);
        for _ in 0..150 {
            if let Some(thing) = focused(self) {
                return thing;
            }
            self.press(keys.iter().copied());
        }
        panic!(
            "the keyboard never comes to the {role:?} called {called:?}.\nIt is at: {}\nThe page shows:\n{}",
            self.focus(),
            self.text()
        );
    }

    /// What has the keyboard, for a message.
    pub fn focus(&self) -> String {
        let script = "const e = document.activeElement; return e ? e.outerHTML.slice(0, 300) : '';";
        let html = self.session.run(script, &[]).unwrap_or_default();
        html.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script that only looks.
    ///
    /// # Panics
    /// With what it threw.
    #[track_caller]
    pub fn look(&self, script: &str, arguments: &[Value]) -> Value {
        match self.session.run(script, arguments) {
            Ok(value) => value,
            Err(refusal) => panic!("{}: {}", refusal.error, refusal.message),
        }
    }
}
