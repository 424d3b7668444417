package site

import (
	"encoding/xml"
)

// The manifest of a package for course systems, as SCORM 1.2 has it (Content Aggregation Model,
// section 2.3): one activity, whose only file is index.html.

type packageManifest struct {
	XMLName       xml.Name      `xml:"manifest"`
	Identifier    string        `xml:"identifier,attr"`
	Version       string        `xml:"version,attr"`
	Namespace     string        `xml:"xmlns,attr"`
	ADL           string        `xml:"xmlns:adlcp,attr"`
	Metadata      metadata      `xml:"metadata"`
	Organizations organizations `xml:"organizations"`
	Resources     []resource    `xml:"resources>resource"`
}

type metadata struct {
	Schema        string `xml:"schema"`
	SchemaVersion string `xml:"schemaversion"`
}

type organizations struct {
	Default       string         `xml:"default,attr"`
	Organizations []organization `xml:"organization"`
}

type organization struct {
	Identifier string `xml:"identifier,attr"`
	Title      string `xml:"title"`
	Items      []item `xml:"item"`
}

type item struct {
	Identifier string `xml:"identifier,attr"`
	Resource   string `xml:"identifierref,attr"`
	Title      string `xml:"title"`
}

type resource struct {
	Identifier string `xml:"identifier,attr"`
	Type       string `xml:"type,attr"`
	Kind       string `xml:"adlcp:scormtype,attr"`
	Href       string `xml:"href,attr"`
	Files      []ref  `xml:"file"`
}

type ref struct {
	Href string `xml:"href,attr"`
}

// manifestName is the name of the manifest in a package.
const manifestName = "imsmanifest.xml"

// manifestOf returns the manifest of a package whose page is index.html.
func manifestOf(title string) ([]byte, error) {
	const page = "index.html"
	m := packageManifest{Identifier: "posttrain", Version: "1.0",
		Namespace: "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
		ADL:       "http://www.adlnet.org/xsd/adlcp_rootv1p2",
		Metadata:  metadata{"ADL SCORM", "1.2"},
		Organizations: organizations{"course", []organization{{"course", title,
			[]item{{"activity", "page", title}}}}},
		Resources: []resource{{"page", "webcontent", "sco", page, []ref{{page}}}},
	}
	text, err := xml.MarshalIndent(m, "", "\t")
	return append([]byte(xml.Header), text...), err
}
