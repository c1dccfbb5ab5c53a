//! R9, R10: what the studio adds to a booking, and its limits.

use serde::{Deserialize, Serialize};

use crate::Rule;
use crate::attachment::Attachment;

/// The limits in force: the sede's win over ours (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Characters of the notes (R9).
    pub notes_max: u32,
    /// Files of one booking (R10).
    pub files_max: u32,
    /// Bytes of one file (R10).
    pub file_bytes_max: u64,
    /// Bytes of all files that the sede keeps for one studio.
    #[serde(default = "Limits::studio_bytes")]
    pub studio_bytes_max: u64,
}

impl Limits {
    /// What a sede that says nothing else keeps for one studio: some years of appointments with three full files each.
    const fn studio_bytes() -> u64 {
        20 * 1024 * 1024 * 1024
    }
}

impl Default for Limits {
    /// R9: 500 characters; R10: three files, none over 3 MB (as Windows counts them: 3 × 1024 × 1024 bytes).
    fn default() -> Self {
        Self {
            notes_max: 500,
            files_max: 3,
            file_bytes_max: 3 * 1024 * 1024,
            studio_bytes_max: Self::studio_bytes(),
        }
    }
}

/// Whom the sede may reach (R9, S2): at least one of the two before anything is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// Telephone, as the person wrote it.
    pub phone: String,
    /// E-mail address, as the person wrote it.
    pub email: String,
}

/// What the studio adds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Content {
    /// Brief notes.
    pub notes: String,
    /// Whom to reach.
    pub contact: Contact,
    /// The files.
    pub attachments: Vec<Attachment>,
}

/// A limit that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Breach {
    /// R9: notes over the limit.
    NotesTooLong {
        /// Characters written.
        length: u32,
        /// Characters allowed.
        max: u32,
    },
    /// R9: notes with U+0000, which is in no text and which databases do not take.
    NotesUnreadable,
    /// R9: neither telephone nor e-mail address.
    NoContact,
    /// R9: what is written can't be a telephone number.
    BadPhone,
    /// R9: what is written can't be an e-mail address.
    BadEmail,
    /// R10: too many files.
    TooManyFiles {
        /// Files allowed.
        max: u32,
    },
    /// R10: a file is too large.
    FileTooLarge {
        /// Its place among the files, from 0.
        index: u32,
        /// Bytes allowed.
        max: u64,
    },
}

impl Breach {
    /// The rule that sets the limit.
    pub const fn rule(self) -> Rule {
        match self {
            Self::NotesTooLong { .. } | Self::NotesUnreadable | Self::NoContact | Self::BadPhone | Self::BadEmail => {
                Rule(9)
            }
            Self::TooManyFiles { .. } | Self::FileTooLarge { .. } => Rule(10),
        }
    }
}

/// R9, R10: every limit that `content` breaks, in the order in which a person fills it in.
pub fn breaches(content: &Content, limits: &Limits) -> Vec<Breach> {
    let mut found = breaches_of_text(&content.notes, limits.notes_max);
    let (phone, email) = (content.contact.phone.trim(), content.contact.email.trim());
    if phone.is_empty() && email.is_empty() {
        found.push(Breach::NoContact);
    }
    if !phone.is_empty() && !is_phone(phone) {
        found.push(Breach::BadPhone);
    }
    if !email.is_empty() && !is_email(email) {
        found.push(Breach::BadEmail);
    }
    if count(content.attachments.len()) > limits.files_max {
        found.push(Breach::TooManyFiles { max: limits.files_max });
    }
    for (index, attachment) in content.attachments.iter().enumerate() {
        if attachment.bytes > limits.file_bytes_max {
            found.push(Breach::FileTooLarge {
                index: count(index),
                max: limits.file_bytes_max,
            });
        }
    }
    found
}

/// What a text of at most `max` characters breaks: notes (R9), and the words of a reminder (S5), which are brief too.
pub fn breaches_of_text(text: &str, max: u32) -> Vec<Breach> {
    let mut found = Vec::new();
    let length = count(text.chars().count());
    if length > max {
        found.push(Breach::NotesTooLong { length, max });
    }
    if text.contains('\0') {
        found.push(Breach::NotesUnreadable);
    }
    found
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// 5 to 20 digits, with what people put between them, and perhaps one `+` before the first.
fn is_phone(text: &str) -> bool {
    let (before, number) = text.split_at(text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len()));
    let between = |c: char| matches!(c, '.' | '-' | '/' | '(' | ')') || (c.is_whitespace() && !c.is_control());
    (5..=20).contains(&number.chars().filter(char::is_ascii_digit).count())
        && number.chars().all(|c| c.is_ascii_digit() || between(c))
        && before.replacen('+', "", 1).chars().all(between)
}

/// One `@` between a name and a domain of at least two parts. Whether anybody reads there, only a letter can tell.
fn is_email(text: &str) -> bool {
    let never = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';');
    text.len() <= 254
        && !text.contains(never)
        && text.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty()
                && domain.contains('.')
                && domain
                    .split('.')
                    .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-'))
        })
}
