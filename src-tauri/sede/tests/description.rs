//! The description of the API says what is answered.

use std::collections::BTreeSet;

use serde_json::Value;
use store_http::api::path;

fn description() -> Value {
    serde_json::to_value(sede::serve::description()).expect("a description")
}

#[test]
fn every_path_of_the_api_is_described() {
    let description = description();
    let described: BTreeSet<&str> = description["paths"]
        .as_object()
        .expect("paths")
        .keys()
        .map(String::as_str)
        .collect();
    let known = BTreeSet::from([
        path::HELLO,
        path::CHANGES,
        path::APPOINTMENTS,
        path::DEPOSITS,
        path::WITHDRAWALS,
        path::CHANGE,
        path::CANCELLATION,
        path::ACKNOWLEDGEMENT,
        path::ASSESSMENTS,
        path::TICKETS,
        path::REMINDERS,
        path::DOSSIERS,
        path::UPLOAD,
        path::HINTS,
        path::DEVICES,
    ]);
    assert_eq!(described, known);
}

/// Every `$ref` below `value`.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(reference) if name == "$ref" => {
                        found.insert(reference);
                    }
                    _ => references(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn whatever_it_refers_to_is_described_too() {
    let description = description();
    let mut found = BTreeSet::new();
    references(&description, &mut found);
    assert!(found.len() > 30, "the shapes of bookings and changes: {}", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("within the description");
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}
