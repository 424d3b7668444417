// Package article explains what the catalogue has: methods, tasks, bases, exhibits, metrics, knobs,
// terms, and the sections of the survey.
//
// An [Article] is made from the values themselves, and written in three ways: as text for
// "posttrain explain", as Markdown for the pages in docs, and as HTML for the reference pages of
// the site. Start with [New]: [Library.Kinds] finds the article of a name, and [Library.Pages]
// returns all pages of the site's reference.
package article
