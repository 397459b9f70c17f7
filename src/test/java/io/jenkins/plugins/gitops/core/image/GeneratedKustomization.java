package io.jenkins.plugins.gitops.core.image;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Kustomizations as people write them, in every style of quoting, indentation, comment and line ending, generated from
 * a seed.
 */
final class GeneratedKustomization {
    private static final List<String> TAGS =
            List.of("v1", "sha-a1b2c3d", "1.2.3", "latest", "\ud83d\ude80", "1.10", "2024-01-01");
    private static final List<String> COMMENTS =
            List.of("# CI", "#", "# \ud83d\ude80 \u00e4", "#\ttab: here", "# newTag: v0", "# 'quote", "# images: [x]");

    private final Random random;
    private final String lineEnd;
    private final List<String> images = new ArrayList<>();

    GeneratedKustomization(long seed) {
        random = new Random(seed);
        lineEnd = random.nextInt(3) == 0 ? "\r\n" : "\n";
    }

    /** Returns the names of the entries of {@code images}, in the order of the file. */
    List<String> images() {
        return images;
    }

    String text() {
        List<String> lines = new ArrayList<>();
        if (chance(3)) {
            lines.add(comment());
        }
        if (chance(3)) {
            lines.add("---" + end());
        }
        List<List<String>> parts = new ArrayList<>(List.of(
                List.of("resources:", "- ../../base" + end()),
                List.of("namespace: " + quoted("payments") + end()),
                List.of("commonLabels: &l" + random.nextInt(9) + " {a: 'b', c: \"d\"}" + end()),
                List.of(
                        "patches:",
                        "- patch: |-",
                        "    - op: replace",
                        "      # no comment",
                        "      value: {newTag: v1}"),
                List.of("note: >-", "  folded \u00e4", "  text"),
                List.of("x-tags: [&t one, *t, *t]" + end())));
        parts.add(imageLines());
        Collections.shuffle(parts, random);
        for (List<String> part : parts) {
            if (chance(4)) {
                lines.add(chance(2) ? "" : comment());
            }
            lines.addAll(part);
        }
        if (chance(5)) {
            lines.addAll(List.of("---", "second: document", "name: a"));
        }
        String text = String.join(lineEnd, lines) + (chance(2) ? lineEnd : "");
        return (chance(8) ? "\ufeff" : "") + text;
    }

    private List<String> imageLines() {
        List<String> lines = new ArrayList<>();
        lines.add("images:" + end());
        String indent = " ".repeat(random.nextInt(3) * 2);
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String name = "ghcr.io/myorg/app-" + i;
            images.add(name);
            if (chance(5)) {
                lines.add(chance(2) ? "" : indent + comment());
            }
            List<String> fields = fields(name, i);
            String dash = indent + "-" + " ".repeat(1 + random.nextInt(3));
            if (chance(3)) {
                String gap = chance(2) ? " " : "";
                lines.add(dash + "{" + gap + String.join(chance(2) ? ", " : " ,  ", fields) + gap + "}" + end());
            } else {
                for (int f = 0; f < fields.size(); f++) {
                    lines.add((f == 0 ? dash : " ".repeat(dash.length())) + fields.get(f) + end());
                }
            }
        }
        return lines;
    }

    private List<String> fields(String name, int number) {
        List<String> fields = new ArrayList<>();
        fields.add(key("name") + quoted(name));
        if (chance(4)) {
            fields.add(key("newName") + quoted("mirror/app-" + number));
        }
        if (!chance(4)) {
            fields.add(key("newTag")
                    + (chance(5) ? "&n" + number + " " : "")
                    + quoted(TAGS.get(random.nextInt(TAGS.size()))));
        }
        Collections.shuffle(fields, random);
        return fields;
    }

    private String key(String name) {
        return quoted(name) + ":" + " ".repeat(1 + random.nextInt(3));
    }

    private String quoted(String text) {
        return switch (random.nextInt(4)) {
            case 0 -> "'" + text + "'";
            case 1 -> '"' + text + '"';
            default -> text;
        };
    }

    private String end() {
        return switch (random.nextInt(4)) {
            case 0 -> " ".repeat(1 + random.nextInt(3)) + comment();
            case 1 -> " ".repeat(random.nextInt(3));
            default -> "";
        };
    }

    private String comment() {
        return COMMENTS.get(random.nextInt(COMMENTS.size()));
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
