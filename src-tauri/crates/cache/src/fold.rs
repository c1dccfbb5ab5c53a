//! How texts are compared: without case, accents and separators, as people look for names.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` in lower case, without accents, its words parted by one space: what lists sort by and search compares.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Adds the words of `text` to `out`.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    let mut apart = !out.is_empty();
    let mut push = |c: char, out: &mut String| {
        if c.is_alphanumeric() {
            if apart && !out.is_empty() {
                out.push(' ');
            }
            apart = false;
            out.push(c);
        } else {
            apart = true;
        }
    };
    for c in text.chars() {
        if c.is_ascii() {
            push(c.to_ascii_lowercase(), out);
        } else {
            // Twice, since some letters have no lower case before they are taken apart.
            for c in std::iter::once(c).nfkd().flat_map(char::to_lowercase).nfkd() {
                if !is_combining_mark(c) {
                    push(c, out);
                }
            }
        }
    }
}

/// The words of `text`, folded.
pub fn words(text: &str) -> Vec<String> {
    folded(text).split_whitespace().map(str::to_owned).collect()
}

/// Whether every word of `wanted` (folded) is the beginning of a word of `text` (folded).
pub fn begins_words(text: &str, wanted: &[String]) -> bool {
    wanted
        .iter()
        .all(|word| text.split(' ').any(|known| known.starts_with(word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_case_and_accents() {
        assert_eq!(folded("Società «Perché No» S.r.l."), "societa perche no s r l");
        assert_eq!(folded("D'ÀNGELO"), "d angelo");
        assert_eq!(
            folded("È"),
            folded("e\u{300}"),
            "composed or not, it is the same letter"
        );
        assert_eq!(folded(""), "");
        assert_eq!(folded(" .,- "), "");
    }

    #[test]
    fn every_letter_folds_to_words_without_any_sign_and_only_once() {
        let plane = ('\0'..='\u{ffff}').chain(('\u{10000}'..=char::MAX).step_by(31));
        for c in plane {
            let once = folded(&format!("x{c}y"));
            assert!(
                once.chars().all(|c| c.is_alphanumeric() || c == ' '),
                "{c:?} left a sign that is of no word"
            );
            assert_eq!(
                folded(&once),
                once,
                "{c:?} would be indexed and looked for in two forms"
            );
        }
    }

    #[test]
    fn signs_are_no_words() {
        assert_eq!(words("\" OR * NEAR("), ["or", "near"]);
        assert_eq!(words("\"*()-:^{}"), [""; 0]);
    }

    #[test]
    fn words_are_found_by_their_beginning() {
        let name = folded("Cartiera Lucchese S.p.A.");
        assert!(begins_words(&name, &words("lucc car")));
        assert!(!begins_words(&name, &words("ucchese")));
        assert!(begins_words(&name, &[]), "no words are found everywhere");
    }
}
