//! The people of a studio.

use std::collections::BTreeSet;

use domain::people::Person;

/// Those of these names, as they are kept, and who is `asking`, by name; nothing where one is no name.
pub fn people(names: Vec<String>, asking: Option<&Person>) -> Option<Vec<Person>> {
    let kept: Option<BTreeSet<Person>> = names.into_iter().map(|name| name.parse().ok()).collect();
    let mut people = kept?;
    people.extend(asking.cloned());
    Some(people.into_iter().collect())
}
