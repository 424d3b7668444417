export default {
  title: "A course",
  head: [["script", { src: "https://playground.example.edu/posttrain-lab.js", defer: "" }]],
  // so that Vue takes the element for one of the browser, and not for a component that is missing
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "posttrain-lab" } } },
};
