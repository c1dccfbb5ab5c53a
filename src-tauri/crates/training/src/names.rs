//! Names of companies that do not exist.

use std::collections::BTreeSet;

use crate::dice::Dice;

/// What a company does, as far as its tickets depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trade {
    General,
    Farming,
}

/// What stands first in a name.
const CRAFTS: &[&str] = &[
    "Officine",
    "Carpenteria",
    "Falegnameria",
    "Tipografia",
    "Conceria",
    "Cartiera",
    "Calzaturificio",
    "Maglificio",
    "Edil",
    "Costruzioni",
    "Impianti",
    "Termoidraulica",
    "Serramenti",
    "Vetreria",
    "Autotrasporti",
    "Trasporti",
    "Logistica",
    "Autocarrozzeria",
    "Ricambi",
    "Nautica",
    "Cantieri",
    "Marmi",
    "Graniti",
    "Lavorazioni",
    "Pulizie",
    "Lavanderia",
    "Ristorante",
    "Trattoria",
    "Pasticceria",
    "Panificio",
    "Molino",
    "Macelleria",
    "Gastronomia",
    "Hotel",
    "Residence",
    "Bagno",
    "Farmacia",
    "Ottica",
    "Ferramenta",
    "Arredamenti",
    "Tessitura",
    "Confezioni",
    "Meccanica",
    "Fonderia",
    "Imballaggi",
    "Plastiche",
    "Elettronica",
    "Informatica",
    "Sicurezza",
    "Servizi",
];

const FARMS: &[&str] = &[
    "Agricola",
    "Azienda agricola",
    "Fattoria",
    "Frantoio",
    "Vivai",
    "Tenuta",
    "Cantina",
    "Podere",
];

const PLACES: &[&str] = &[
    "Serchio",
    "Garfagnana",
    "Versilia",
    "Valfreddana",
    "Lunigiana",
    "Arno",
    "Valdera",
    "Tirrenia",
    "Apuana",
    "Montecarlo",
    "Valdottavo",
    "Brancoli",
    "Monteserra",
    "Pizzorne",
    "Compitese",
    "Massaciuccoli",
    "Sant’Anna",
    "San Frediano",
    "Borgonuovo",
    "Pontestrada",
    "Pieve Vecchia",
    "Campolungo",
    "Fossalta",
    "Acquabella",
    "Collesalto",
    "Vallechiara",
    "Montefosco",
    "Riosecco",
    "Torrebianca",
    "Selvapiana",
    "Altopascolo",
    "Camporgio",
    "Fontevivo",
    "Marinella",
    "Rocca Alta",
    "Valsorda",
    "Ponte Nuovo",
    "Le Querce",
    "Il Cipresso",
    "La Sughera",
    "Le Fornaci",
    "La Darsena",
    "Due Strade",
    "Tre Pini",
    "Il Carro",
    "La Lanterna",
    "Aurora",
    "Primavera",
    "Stella Maris",
    "Etruria",
    "Mediterranea",
    "Toscana Nord",
];

const SURNAMES: &[&str] = &[
    "Lunardi",
    "Nottoli",
    "Del Prete",
    "Bertolozzi",
    "Giannasi",
    "Marcheselli",
    "Torselli",
    "Pardocchi",
    "Frediani",
    "Cerragioli",
    "Benassai",
    "Vannelli",
    "Lencioni",
    "Puccetti",
    "Marlia",
    "Tognarelli",
    "Biancalani",
    "Dal Colle",
    "Santarlini",
    "Guidotti",
    "Cortopassi",
    "Fambrini",
    "Orsucci",
    "Ghilarducci",
    "Pierotti",
    "Simonetti",
    "Barsanti",
    "Bonuccelli",
    "Tofanelli",
    "Michelucci",
    "Cinquini",
    "Della Santa",
    "Petroni",
    "Raffaelli",
    "Menchetti",
    "Ulivari",
    "Salvestrini",
    "Corsetti",
    "Baldacci",
    "Navari",
    "Tintori",
    "Carmassi",
    "Vezzosi",
    "Quilici",
    "Mancinelli",
    "Dini",
];

/// First names of owners, men's and women's in turn; only a *codice fiscale* shows three letters of them.
pub(crate) const FIRST_NAMES: &[&str] = &[
    "Marco",
    "Lucia",
    "Giovanni",
    "Paola",
    "Stefano",
    "Elena",
    "Andrea",
    "Silvia",
    "Roberto",
    "Chiara",
    "Gianfranco",
    "Marta",
];

const FORMS: &[&str] = &[
    "srl",
    "srl",
    "srl",
    "srl",
    "spa",
    "snc",
    "snc",
    "sas",
    "sas",
    "srls",
    "soc. coop.",
];
const FARM_FORMS: &[&str] = &["ss", "ss", "srl", "soc. agr. srl", "soc. coop. agr."];

/// A name, and the surname of the owner where the company is a person's own.
pub(crate) struct Name {
    pub(crate) full: String,
    pub(crate) owner: Option<&'static str>,
    pub(crate) trade: Trade,
}

/// Makes names, none twice.
#[derive(Default)]
pub(crate) struct Names {
    used: BTreeSet<String>,
}

impl Names {
    /// Takes a name out of what can still be made.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.used.insert(name.to_owned());
    }

    /// A new name.
    pub(crate) fn make(&mut self, dice: &mut Dice) -> Name {
        for attempt in 0.. {
            let mut name = Self::draw(dice);
            // Far more names can be made than the largest training sede needs; a number keeps even those beyond apart.
            if attempt > 50 {
                name.full = format!("{} {}", name.full, attempt);
            }
            if self.used.insert(name.full.clone()) {
                return name;
            }
        }
        unreachable!("the range of attempts does not end")
    }

    fn draw(dice: &mut Dice) -> Name {
        let farm = dice.chance(110);
        let (craft, trade) = if farm {
            (dice.pick(FARMS), Trade::Farming)
        } else {
            (dice.pick(CRAFTS), Trade::General)
        };
        if dice.chance(160) {
            let owner = dice.pick(SURNAMES);
            return Name {
                full: format!("{craft} {owner}"),
                owner: Some(owner),
                trade,
            };
        }
        let whose = match dice.below(10) {
            0..=5 => dice.pick(PLACES).to_owned(),
            6..=8 => dice.pick(SURNAMES).to_owned(),
            _ => format!("{} & {}", dice.pick(SURNAMES), dice.pick(SURNAMES)),
        };
        let form = dice.pick(if farm { FARM_FORMS } else { FORMS });
        Name {
            full: format!("{craft} {whose} {form}"),
            owner: None,
            trade,
        }
    }
}
