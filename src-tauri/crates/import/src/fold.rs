//! Texts as they are compared: case, accents, punctuation and white space say nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text: letters and digits in lower case without accents, `DataApertura` as two.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before_is_small = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        let begins_another = !c.is_alphanumeric() || (c.is_uppercase() && before_is_small);
        if begins_another && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before_is_small = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The letters and digits of a text in lower case without accents, nothing between them.
pub(crate) fn squeezed(text: &str) -> String {
    words(text).concat()
}
