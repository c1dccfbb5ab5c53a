//! *Aziende*: companies and their positions.

use cache::pulled::{CompanySummary, PositionStanding};
use domain::code::FiscalCode;
use domain::portal::place;

use crate::guide::Guide;
use crate::limits::SEARCH_MAX;
use crate::mapping::time;
use crate::studio::Studio;
use crate::view::companies::{CompanyDetail, CompanyRow, DelegationView, PositionView};
use crate::{StudioError, parse};

impl Studio {
    /// The companies in whose name or code every word of `text` begins a word, by name; all without one.
    ///
    /// # Errors
    /// [`StudioError::TooLong`].
    pub async fn companies_list(&self, text: &str) -> Result<Vec<CompanyRow>, StudioError> {
        parse::text("text", text, SEARCH_MAX)?;
        let found = self.cache.pulled.companies(text, self.now().instant()).await?;
        Ok(found.into_iter().map(row).collect())
    }

    /// Opens one company.
    ///
    /// # Errors
    /// [`StudioError::UnknownCompany`].
    pub async fn company_open(&self, code: &str) -> Result<CompanyDetail, StudioError> {
        let code = parse::company(code)?;
        let guide = self.guide().await?;
        let at = guide.now.instant();
        let pulled = &self.cache.pulled;
        let found = pulled.company(&code, at).await?.ok_or(StudioError::UnknownCompany)?;
        let positions = pulled.positions(&code).await?;
        let appointments = pulled.appointments_of_company(&code, at).await?;
        Ok(CompanyDetail {
            row: row(found),
            positions: positions.iter().map(|one| position(one, &guide)).collect(),
            appointments: self.appointment_rows(&appointments, &guide).await?,
        })
    }

    /// The name of a company; its code where it has not been pulled.
    pub(crate) async fn company_name(&self, code: &FiscalCode) -> Result<String, StudioError> {
        let name = self.cache.pulled.company_name(code).await?;
        Ok(shown_name(name.unwrap_or_else(|| code.to_string()), code))
    }
}

/// The name of a company; its matricola where nothing else of it is known (R16).
pub(crate) fn shown_name(name: String, code: &FiscalCode) -> String {
    match place::known_by(code) {
        Some(position) if name == code.as_str() => position.to_string(),
        _ => name,
    }
}

fn row(found: CompanySummary) -> CompanyRow {
    CompanyRow {
        has_fiscal_code: place::known_by(&found.company.code).is_none(),
        name: shown_name(found.company.name, &found.company.code),
        code: found.company.code.to_string(),
        positions: found.positions,
        open_tickets: found.open_tickets,
        bookable: found.bookable,
    }
}

fn position(standing: &PositionStanding, guide: &Guide) -> PositionView {
    PositionView {
        matricola: standing.position.matricola.to_string(),
        sede_name: guide.directory.sede_name(&standing.position.sede),
        delegation: standing.delegation.as_ref().map(|delegation| DelegationView {
            from: time::date(delegation.from),
            until: delegation.until.map(time::date),
            active: delegation.active_on(guide.now.today()),
        }),
        portal: standing.portal,
    }
}
