import type { Hash32 } from '../../../../src/protocol/brands.ts';
import { hexToBytes } from '../../../../src/protocol/words.ts';
import { contentIdFrom } from '../../../../src/settlement/report/content-id.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { reportLinks } from '../../data/report-places.ts';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

/** Where the report of an epoch can be found, by its content id and by its folder. */
export function ReportCard({ epoch, reportCid }: { readonly epoch: number; readonly reportCid: Hash32 }) {
  const deployment = useDeployment();
  const { cid } = contentIdFrom(hexToBytes(reportCid));
  const links = reportLinks(deployment, epoch, cid);
  return (
    <Card
      title="Report"
      about="Every account with its scores and its leaf, every rule and every rejected row. The content id stands in the settlement on chain, so no file of it can be exchanged."
    >
      <p>
        Content id{' '}
        <span className="short">
          <span className="mono wrap">{cid}</span>
          <CopyButton text={cid} what="content id" />
        </span>
      </p>
      {links.length === 0 ? (
        <p className="note">The settings of this page name no place where reports are published.</p>
      ) : (
        <>
          <h3>Where it should be</h3>
          <ul className="list">
            {links.map(({ href, name }) => (
              <li key={href}>
                <a href={href} target="_blank" rel="noreferrer noopener">
                  {name}
                </a>
              </li>
            ))}
          </ul>
          <p className="note">
            A place may hold it under only one of these names. What it gives is checked, never believed.
          </p>
        </>
      )}
    </Card>
  );
}
