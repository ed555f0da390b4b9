export function WhatIf() {
  return (
    <section className="page">
      <h1>WhatIf</h1>
    </section>
  );
}
