import { dateFormatOf } from '../../../../functions/detect-anomalies/drift-detector/date-format.ts';
import { range } from './sides.ts';

const days = range(28).map((day) => String(day + 1));

describe('dateFormatOf', () => {
  it('lets unambiguous values say what the ambiguous ones mean', () => {
    expect(dateFormatOf(days.map((day) => `${day}/2/2024`))).toBe('d/M/yyyy');
    expect(dateFormatOf(days.map((day) => `2/${day}/2024`))).toBe('M/d/yyyy');
  });

  it('says nothing where the order of day and month stays open', () => {
    expect(dateFormatOf(['1/2/2024', '3/4/2024', '5/6/2024', '7/8/2024', '9/10/2024'])).toBeNull();
  });

  it('does not count digits, and passes over empty cells', () => {
    expect(dateFormatOf(['2024-1-2', '2024-01-02', '2024-01-03', '2024-12-31', '2024-2-3', null, ''])).toBe('yyyy-M-d');
  });

  it.each([
    ['text', days.map((day) => `item ${day}`)],
    ['a mix of formats', days.map((day, row) => (row % 2 ? `2024-01-${day.padStart(2, '0')}` : `${day}.01.2024`))],
    ['too few values', ['2024-01-01', '2024-01-02']],
    ['numbers of JSON', range(20)],
  ])('finds no format in %s', (_, values) => {
    expect(dateFormatOf(values)).toBeNull();
  });
});
