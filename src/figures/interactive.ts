/** The interactive version of a chart: the same specification with pan and zoom, tooltips, and series that a click on the legend singles out. */
import type { VegaLiteSpec } from './style.js';

/** Fields that no axis names, in a tooltip's words; `law` and `z` are of points whose exact value is known, `shares` of dots in a triangle. */
const extras: Record<string, Field> = {
  low: { title: '− 2 standard errors', type: 'quantitative' },
  high: { title: '+ 2 standard errors', type: 'quantitative' },
  law: { title: 'exact', type: 'quantitative' },
  z: { title: 'z', type: 'quantitative' },
  shares: { title: 'probabilities', type: 'nominal' },
};
/** Channels whose fields a tooltip shows, with the name of their axis or legend. */
const channels = ['x', 'y', 'color', 'fill'] as const;
/** Rows whose lines get points at most: more are single runs, too close to tell apart, and would make zooming slow. */
const mostPoints = 3000;
/** Opacity of what the legend has not singled out. */
const faded = 0.07;

type Node = Record<string, unknown>;
type Row = Record<string, unknown>;

interface Field {
  title: string;
  type: string | undefined;
}

interface Channel {
  field?: string;
  type?: string;
  title?: string | null;
  axis?: { title?: string | null; values?: unknown } | null;
  legend?: { title?: string | null } | null;
  scale?: { domain?: readonly string[] } | null;
  stack?: string | null;
}
type Encoding = Record<string, Channel | undefined>;

/** What a node takes from those around it. */
interface Around {
  data?: Node;
  encoding: Encoding;
}

/** What is made once for all layers of a panel. */
interface Panel {
  zoom: string;
  pick: string;
  /** Fields by which it zooms: those of its first layer with both axes drawn. */
  fields?: { x: string; y: string };
  zoomed: boolean;
  /** Whether a legend has been bound. */
  picked: boolean;
  /** Invisible points on lines, which by themselves have one tooltip for all of their length. Those with a z score lie on top. */
  points: { layer: Node; z: boolean }[];
}

/**
 * Adds to every panel: pan and zoom bound to its scales, where both axes are quantitative and drawn; tooltips with the values, and where the
 * data have them the exact value (`law`) and the z score (`z`); and a legend of nominal colours that can be clicked.
 */
export function interactiveSpec(spec: VegaLiteSpec): VegaLiteSpec {
  const { datasets = {} } = spec as { datasets?: Record<string, Row[]> };
  let panels = 0;
  /** Titles by channel and field, the last one seen: a panel beside another leaves out what it shares with it. */
  const titles = titlesIn(spec);

  function walk(node: Node, around: Around): Node {
    for (const key of ['concat', 'hconcat', 'vconcat'])
      if (key in node) return { ...node, [key]: (node[key] as Node[]).map((child) => walk(child, inside(node, around))) };
    const panel: Panel = { zoom: `zoom${panels}`, pick: `pick${panels++}`, zoomed: false, picked: false, points: [] };
    const { mark, encoding, ...rest } = node;
    const layered = 'layer' in node ? node : { ...rest, layer: [{ mark, encoding }] };
    panel.fields = zoomable(layered, around);
    const layer = layers(layered, around, panel);
    const points = panel.points.sort((a, b) => Number(a.z) - Number(b.z)).map((point) => point.layer);
    // Dots, and what is drawn after them, lie above the points of lines.
    const top = layer.findIndex(({ mark }) => ['point', 'circle'].includes((mark as Node | undefined)?.type as string));
    return { ...layered, layer: top < 0 ? [...layer, ...points] : [...layer.slice(0, top), ...points, ...layer.slice(top)] };
  }

  function layers(node: Node, around: Around, panel: Panel): Node[] {
    return (node.layer as Node[]).map((child) =>
      'layer' in child ? { ...child, layer: layers(child, inside(node, around), panel) } : unit(child, inside(node, around), panel),
    );
  }

  function unit(node: Node, around: Around, panel: Panel): Node {
    const mark = (typeof node.mark === 'string' ? { type: node.mark } : node.mark) as Node;
    const { data, encoding } = inside(node, around);
    const tooltip = tooltipOf(encoding, rowsOf(data));
    if (tooltip.length === 0 && fieldsOf(encoding) === undefined) return node;
    const params = [...zoomOf(encoding, panel), ...pickOf(encoding, panel)];
    const drawn = freeTicks(node.encoding as Encoding, panel);
    // Of a line by itself only what it has in common: its series.
    const isLine = mark.type === 'line' || mark.type === 'area';
    const own = isLine ? tooltip.filter(({ field }) => field === encoding.color?.field) : tooltip;
    if (isLine && tooltip.length > 0 && !encoding.y?.stack && rowsOf(data).length <= mostPoints) {
      const point = { type: 'point', filled: true, size: 80, opacity: 0, clip: true, tooltip: true };
      const { transform } = node;
      const { y2: _, ...places } = drawn;
      const layer = { ...(data && { data }), ...(transform !== undefined && { transform }), mark: point, encoding: { ...places, tooltip } };
      panel.points.push({ layer, z: tooltip.some(({ field }) => field === 'z') });
    }
    return {
      ...node,
      ...(params.length > 0 && { params }),
      mark: { ...mark, ...(mark.type !== 'text' && { clip: true }) },
      encoding: { ...drawn, ...(own.length > 0 && { tooltip: own }), ...opacityOf(encoding, mark, panel) },
    };
  }

  function rowsOf(data: Node | undefined): Row[] {
    return (data?.values as Row[] | undefined) ?? datasets[data?.name as string] ?? [];
  }

  function tooltipOf(encoding: Encoding, rows: readonly Row[]) {
    const known = new Set(rows.flatMap((row) => Object.keys(row)));
    const fields = channels.flatMap((name) => {
      const { field, type, axis, scale } = encoding[name] ?? {};
      // Colours and places that the data give by themselves say nothing.
      if (field === undefined || field in extras || !known.has(field) || axis === null || scale === null) return [];
      const own = titleOf(encoding[name]);
      if (own) titles.set(`${name} ${field}`, own);
      return [{ field, type, title: own ?? titles.get(`${name} ${field}`) ?? field }];
    });
    const more = Object.entries(extras).flatMap(([field, extra]) => (known.has(field) ? [{ field, ...extra }] : []));
    const all = [...fields, ...more];
    return all
      .filter(({ field }, i) => all.findIndex((other) => other.field === field) === i)
      .map((one) => ({ ...one, ...(one.type === 'quantitative' && { format: one.field === 'z' ? '.2f' : '.5~g' }) }));
  }

  return walk(spec, { encoding: {} });
}

function titleOf(channel: Channel | undefined): string | undefined {
  return channel?.title ?? channel?.axis?.title ?? channel?.legend?.title ?? undefined;
}

/** The first title of every channel and field. */
function titlesIn(node: Node, titles = new Map<string, string>()): Map<string, string> {
  for (const name of channels) {
    const channel = (node.encoding as Encoding | undefined)?.[name];
    const title = titleOf(channel);
    const key = `${name} ${channel?.field}`;
    if (title && !titles.has(key)) titles.set(key, title);
  }
  for (const key of ['concat', 'hconcat', 'vconcat', 'layer'])
    for (const child of (node[key] as Node[] | undefined) ?? []) titlesIn(child, titles);
  return titles;
}

function inside(node: Node, { data, encoding }: Around): Around {
  return { data: (node.data as Node | undefined) ?? data, encoding: { ...encoding, ...(node.encoding as Encoding | undefined) } };
}

/** The fields of the first layer with two axes that are drawn. */
function zoomable(node: Node, around: Around): Panel['fields'] {
  const within = inside(node, around);
  if (!('layer' in node)) return fieldsOf(within.encoding);
  for (const child of node.layer as Node[]) {
    const fields = zoomable(child, within);
    if (fields) return fields;
  }
  return undefined;
}

function fieldsOf({ x, y }: Encoding): Panel['fields'] {
  const drawn = [x, y].every((channel) => channel?.type === 'quantitative' && channel.axis !== null);
  return drawn && x?.field !== undefined && y?.field !== undefined ? { x: x.field, y: y.field } : undefined;
}

/** Ticks at places that were chosen for the whole axis would leave a part of it without any: once it has moved it has its own. */
function freeTicks(encoding: Encoding, { zoom, fields }: Panel): Encoding {
  const free = (['x', 'y'] as const).flatMap((name) => {
    const channel = encoding[name];
    if (!fields || !channel?.axis?.values) return [];
    const values = { expr: `${zoom}[${JSON.stringify(fields[name])}] ? null : ${JSON.stringify(channel.axis.values)}` };
    return [[name, { ...channel, axis: { ...channel.axis, values } }]];
  });
  return { ...encoding, ...Object.fromEntries(free) };
}

function zoomOf(encoding: Encoding, panel: Panel): Node[] {
  if (panel.zoomed || fieldsOf(encoding) === undefined) return [];
  panel.zoomed = true;
  return [{ name: panel.zoom, select: { type: 'interval', encodings: ['x', 'y'] }, bind: 'scales' }];
}

const pickable = ({ color }: Encoding) => color?.field !== undefined && color.type === 'nominal' && color.legend != null;

function pickOf(encoding: Encoding, panel: Panel): Node[] {
  if (panel.picked || !pickable(encoding)) return [];
  panel.picked = true;
  return [{ name: panel.pick, select: { type: 'point', fields: [encoding.color?.field] }, bind: 'legend' }];
}

/** Panels under one legend answer together; a panel that has no such series stays as it is. */
function opacityOf(encoding: Encoding, mark: Node, { pick }: Panel): Node {
  if (!pickable(encoding)) return {};
  const { field, scale } = encoding.color as Channel;
  const chosen = `${pick}[${JSON.stringify(field)}]`;
  const elsewhere = `${chosen} && indexof(${JSON.stringify(scale?.domain ?? [])}, ${chosen}[0]) < 0`;
  const value = mark.opacity ?? 1;
  return { opacity: { condition: { test: { or: [{ param: pick }, elsewhere] }, value }, value: faded } };
}
