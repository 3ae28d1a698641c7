/** What the charts are drawn in; the style sheet says which, so that both themes and print live in one place. */
export interface Colours {
  readonly series: readonly string[];
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
  readonly phase: string;
  readonly effect: string;
  readonly effectText: string;
  readonly asked: string;
  readonly fis: string;
  readonly hatch: string;
  /** From few to many. */
  readonly heat: readonly string[];
  /** Between quantiles, from the lowest pair up. */
  readonly shades: readonly string[];
}

/** How many series have a colour of their own; further ones share them, with other dashes. */
export const seriesColours = 6;

/** How many colours counts have in the heat map. */
const heatColours = 6;
/** How many spans between series have a colour. */
const shadeColours = 2;

/** The colours of the theme that shows now. */
export function currentColours(): Colours {
  // A canvas knows no light-dark(): an element that wears the colour tells what it comes to.
  const probe = document.body.appendChild(document.createElement('i'));
  probe.hidden = true;
  const token = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours: Colours = {
    series: Array.from({ length: seriesColours }, (_, index) => token(`series-${index}`)),
    text: token('text'),
    muted: token('muted'),
    grid: token('line'),
    surface: token('surface'),
    phase: token('band-phase'),
    effect: token('band-effect'),
    effectText: token('band-effect-text'),
    asked: token('band-asked'),
    fis: token('band-fis'),
    hatch: token('band-hatch'),
    heat: Array.from({ length: heatColours }, (_, index) => token(`heat-${index}`)),
    shades: Array.from({ length: shadeColours }, (_, index) => token(`shade-${index}`)),
  };
  probe.remove();
  return colours;
}
