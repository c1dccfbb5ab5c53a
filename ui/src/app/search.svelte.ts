/** The words in the search field on top: *Richieste* shows what holds them. */
class Search {
  text = $state('');
}

export const search = new Search();
