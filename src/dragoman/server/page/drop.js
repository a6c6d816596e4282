// Files that are dragged onto a part of the page.

/** Hand the files that are dropped on `place` to `take`. */
export function onDrop(place, take) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (isOver) => place.classList.toggle("over", isOver);
  place.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || mark(false));
  place.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(false);
    take([...event.dataTransfer.files]);
  });
}
