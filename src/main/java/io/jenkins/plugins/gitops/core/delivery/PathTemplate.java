package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Paths of folders, and of files in them, with placeholders.
 *
 * @param folder path segments of the folder
 * @param file path segments of the file below the folder; empty for only the folder
 */
record PathTemplate(List<NameTemplate> folder, List<NameTemplate> file) {
    PathTemplate {
        folder = List.copyOf(folder);
        file = List.copyOf(file);
    }

    boolean hasFile() {
        return !file.isEmpty();
    }

    /** Number of segments. */
    int size() {
        return folder.size() + file.size();
    }

    /** The segment at this index, starting with those of the folder. */
    NameTemplate segment(int at) {
        return at < folder.size() ? folder.get(at) : file.get(at - folder.size());
    }

    /** Names of all placeholders, in order. */
    Set<String> placeholders() {
        Set<String> names = new LinkedHashSet<>(folderPlaceholders());
        file.forEach(segment -> names.addAll(segment.placeholders()));
        return names;
    }

    Set<String> folderPlaceholders() {
        Set<String> names = new LinkedHashSet<>();
        folder.forEach(segment -> names.addAll(segment.placeholders()));
        return names;
    }

    /** Whether these placeholders are in the path of the folder. */
    boolean folderHas(List<String> placeholders) {
        for (String placeholder : placeholders) {
            boolean found = false;
            for (NameTemplate segment : folder) {
                found = found || segment.placeholders().contains(placeholder);
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    /** The folder for these values, which must include all its placeholders. */
    String folder(Map<String, String> values) {
        return fill(folder, values);
    }

    /** The file for these values, from the repository's root; null if there is only a folder. */
    @CheckForNull
    String file(Map<String, String> values) {
        return hasFile() ? fill(folder, values) + "/" + fill(file, values) : null;
    }

    private static String fill(List<NameTemplate> segments, Map<String, String> values) {
        StringBuilder path = new StringBuilder();
        for (NameTemplate segment : segments) {
            path.append(path.isEmpty() ? "" : "/").append(segment.fill(values));
        }
        return path.toString();
    }

    /**
     * The possible values of the placeholders in the first segments of a path.
     *
     * @param count number of segments to match
     * @return empty when it does not match
     */
    List<Map<String, String>> match(String path, int count) {
        List<String> names = Arrays.asList(path.split("/", count + 1));
        if (names.size() < count) {
            return List.of();
        }
        List<Map<String, String>> readings = List.of(Map.of());
        for (int i = 0; i < count; i++) {
            readings = match(i, names.get(i), readings);
        }
        return readings;
    }

    /** Whether a path matches the folder. */
    boolean isFolder(String path) {
        return path.split("/", -1).length == folder.size()
                && !match(path, folder.size()).isEmpty();
    }

    /** The readings of a path whose next segment has this name. */
    List<Map<String, String>> match(int at, String name, List<Map<String, String>> readings) {
        if (readings.size() == 1) {
            return segment(at).match(name, readings.get(0));
        }
        Set<Map<String, String>> next = new LinkedHashSet<>();
        for (Map<String, String> known : readings) {
            next.addAll(segment(at).match(name, known));
            if (next.size() >= NameTemplate.MAX_READINGS) {
                break;
            }
        }
        return new ArrayList<>(next);
    }

    /** The only possible names of the next segment; null when others may match. */
    @CheckForNull
    Set<String> names(int at, List<Map<String, String>> readings) {
        if (segment(at).isLiteral()) {
            return Set.of(segment(at).literals().get(0));
        }
        Set<String> names = new HashSet<>();
        for (Map<String, String> known : readings) {
            String name = segment(at).fill(known);
            if (name == null) {
                return null;
            }
            names.add(name);
        }
        return names;
    }

    private static String text(List<NameTemplate> segments) {
        return segments.stream().map(NameTemplate::toString).collect(Collectors.joining("/"));
    }

    /** The text of the folder. */
    String folderText() {
        return text(folder);
    }

    /** The text of the whole path. */
    @Override
    public String toString() {
        return hasFile() ? folderText() + "/" + text(file) : folderText();
    }
}
