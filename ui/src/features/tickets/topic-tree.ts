import type { TopicView } from '../../ipc/types';

/** An area, a subject or a topic, as the filter takes it. */
export type Branch = { value: string; label: string; children: Branch[] };

const step = ' › ';

/** Areas with their subjects with their topics, in the order in which they come. */
export function tree(topics: readonly TopicView[]): Branch[] {
  const areas: Branch[] = [];
  for (const { code, area, subject, detail } of topics) {
    const under = within(areas, area, area);
    const topic = within(under.children, area + step + subject, subject);
    topic.children.push({ value: code, label: detail, children: [] });
  }
  return areas;
}

function within(branches: Branch[], value: string, label: string): Branch {
  const found = branches.find((one) => one.value === value);
  if (found) return found;
  const made = { value, label, children: [] };
  branches.push(made);
  return made;
}
