//! Well-formed codes that nobody has.
//!
//! A *partita IVA* counts per province from 0000001, and no province has come near 9000000; a place of birth `Y…` was never
//! given to a town. So no code made here is somebody's.

use std::str::FromStr;

use domain::code::{FiscalCode, MalformedCode, Matricola};

/// A code that this crate wrote.
pub(crate) fn written<C: FromStr<Err = MalformedCode>>(text: &str) -> C {
    match text.parse() {
        Ok(code) => code,
        Err(error) => unreachable!("{text:?}: {error}"),
    }
}

/// The *partita IVA* with this number (up to 999,999) of the province with this number of the revenue office.
pub(crate) fn partita_iva(number: u32, province: u32) -> FiscalCode {
    let body = format!("9{:06}{:03}", number % 1_000_000, province % 1_000);
    written(&format!("{body}{}", partita_iva_check(&body)))
}

/// The check digit after ten digits: every second digit is doubled, its own digits summed up.
fn partita_iva_check(body: &str) -> u32 {
    let sum: u32 = body
        .bytes()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            match (at % 2, digit) {
                (0, _) => digit,
                (_, 0..=4) => 2 * digit,
                _ => 2 * digit - 9,
            }
        })
        .sum();
    (10 - sum % 10) % 10
}

/// What a *codice fiscale* of a person says.
pub(crate) struct Born<'a> {
    pub(crate) surname: &'a str,
    pub(crate) name: &'a str,
    pub(crate) year: u32,
    pub(crate) month: usize,
    pub(crate) day: u32,
    pub(crate) place: u32,
}

/// The *codice fiscale* of a person who does not exist.
pub(crate) fn codice_fiscale(born: &Born<'_>) -> FiscalCode {
    const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
    let body = format!(
        "{}{}{:02}{}{:02}Y{:03}",
        three_letters(born.surname, false),
        three_letters(born.name, true),
        born.year % 100,
        char::from(MONTHS[born.month % 12]),
        born.day,
        born.place % 1_000,
    );
    written(&format!("{body}{}", codice_fiscale_check(&body)))
}

/// Consonants, then vowels, then X; of a first name with four consonants or more, the first, third and fourth.
fn three_letters(word: &str, first_name: bool) -> String {
    let letters = word
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_uppercase());
    let (vowels, mut consonants): (Vec<char>, Vec<char>) = letters.partition(|c| "AEIOU".contains(*c));
    if first_name && consonants.len() > 3 {
        consonants.remove(1);
    }
    consonants.into_iter().chain(vowels).chain(['X'; 3]).take(3).collect()
}

/// The control letter after fifteen characters.
fn codice_fiscale_check(body: &str) -> char {
    /// What A–Z (and 0–9 as A–J) count in odd places, the first one being odd.
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ];
    let sum: u32 = body
        .bytes()
        .enumerate()
        .map(|(at, byte)| {
            let value = match byte {
                b'0'..=b'9' => byte - b'0',
                _ => byte.to_ascii_uppercase().saturating_sub(b'A').min(25),
            };
            if at % 2 == 0 {
                ODD[usize::from(value)]
            } else {
                u32::from(value)
            }
        })
        .sum();
    char::from(b'A' + u8::try_from(sum % 26).unwrap_or_default())
}

/// The `index`-th matricola of a sede whose matricole begin with `prefix`: no two are the same.
pub(crate) fn matricola(prefix: u32, index: u32) -> Matricola {
    const ALL: u64 = 90_000_000;
    let number = 10_000_000 + (24_681_357 + u64::from(index) * 7_368_787) % ALL;
    written(&format!("{:02}{number:08}", prefix % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_of_a_partita_iva_is_that_of_the_revenue_office() {
        // The revenue office's own, and the example of its instructions.
        assert_eq!(partita_iva_check("0636339100"), 1);
        assert_eq!(partita_iva_check("1234567890"), 3);
    }

    #[test]
    fn the_control_letter_of_a_codice_fiscale_is_that_of_the_decree() {
        assert_eq!(codice_fiscale_check("RSSMRA85T10A562"), 'S');
        assert_eq!(codice_fiscale_check("MRTMTT91D08F205"), 'J');
    }

    #[test]
    fn names_are_shortened_as_the_decree_says() {
        assert_eq!(three_letters("Del Prete", false), "DLP");
        assert_eq!(three_letters("Fo", false), "FOX");
        assert_eq!(three_letters("Gianfranco", true), "GFR");
        assert_eq!(three_letters("Aia", true), "AIA");
    }

    #[test]
    fn a_code_says_whom_it_would_be_of() {
        let code = codice_fiscale(&Born {
            surname: "Del Prete",
            name: "Marco",
            year: 1971,
            month: 3,
            day: 7,
            place: 12,
        });
        assert!(code.as_str().starts_with("DLPMRC71D07Y012"), "{code}");
    }

    #[test]
    fn no_two_matricole_are_the_same() {
        let all: std::collections::BTreeSet<_> = (0..20_000).map(|index| matricola(48, index)).collect();
        assert_eq!(all.len(), 20_000);
    }
}
