// The script of a report: draws each compiled chart in its place. No network, no eval: expressions are interpreted.
import {transforms} from 'vega-dataflow';
import * as encode from 'vega-encode';
import {expressionInterpreter} from 'vega-interpreter';
import {parse} from 'vega-parser';
import * as basic from 'vega-transforms';
import {extend} from 'vega-util';
import {View} from 'vega-view';
import * as marks from 'vega-view-transforms';

extend(transforms, basic, marks, encode);

const TOOLTIP_GAP = 14; // pixels between pointer and tooltip

function tooltip(element) {
  // Values are set as text, never as markup: a layer may be called anything.
  return (_, event, __, value) => {
    if (value === null || value === undefined || value === '') {
      element.hidden = true;
      return;
    }
    const entries = typeof value === 'object' ? Object.entries(value) : [['', value]];
    element.replaceChildren(...entries.flatMap(([name, text]) => {
      const term = document.createElement('dt');
      const detail = document.createElement('dd');
      term.textContent = name;
      detail.textContent = String(text);
      return [term, detail];
    }));
    element.hidden = false;
    place(element, event);
  };
}

function place(element, event) {
  const width = document.documentElement.clientWidth;
  const height = document.documentElement.clientHeight;
  const box = element.getBoundingClientRect();
  const right = event.clientX + TOOLTIP_GAP + box.width < width;
  const below = event.clientY + TOOLTIP_GAP + box.height < height;
  const left = right ? event.clientX + TOOLTIP_GAP : event.clientX - TOOLTIP_GAP - box.width;
  const top = below ? event.clientY + TOOLTIP_GAP : event.clientY - TOOLTIP_GAP - box.height;
  element.style.left = `${Math.max(4, left)}px`;
  element.style.top = `${Math.max(4, top)}px`;
}

async function draw(figure, specification, handler) {
  const container = figure.querySelector('.chart');
  try {
    const view = new View(parse(specification, null, {ast: true}), {
      container,
      expr: expressionInterpreter,
      hover: true,
      renderer: 'svg',
    });
    view.tooltip(handler);
    await view.runAsync();
    await view.resize().runAsync(); // the labels of an axis change with its width, which is known only now
    container.querySelector('.vega-bindings')?.remove(); // an empty form: there is nothing to set in a report
    figure.dataset.drawn = 'yes';
  } catch (problem) {
    container.replaceChildren();
    figure.querySelector('.failed').hidden = false;
    figure.querySelector('details').open = true;
    figure.dataset.drawn = 'no';
    console.error(problem);
  }
}

async function start() {
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const handler = tooltip(document.getElementById('tooltip'));
  const figures = [...document.querySelectorAll('figure[data-chart]')];
  await Promise.all(figures.map((figure) => draw(figure, charts[figure.dataset.chart], handler)));
  document.documentElement.dataset.drawn = 'yes';
}

setTimeout(start); // after the first paint: the words do not wait for the charts
