// Package scene turns the events of lanes into pictures and tables. A Record collects the events. A
// Scene draws a record as a Picture, of lines, areas, dots and words at their places, and as a
// Table of the same numbers. The package does not depend on a browser, and it keeps no state
// between pictures: the same record, view and size give the same picture.
//
// To add a scene, add a file and an entry in All.
package scene
