export const stories = [];
export function planOfStory(story) { return story; }
