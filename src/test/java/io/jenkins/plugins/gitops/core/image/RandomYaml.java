package io.jenkins.plugins.gitops.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes maps, lists and texts in one of the many styles of YAML, chosen by a seed. */
final class RandomYaml {
    private static final List<String> COMMENTS = List.of(
            "# CI",
            "#",
            "# \ud83d\ude80 \u00e4",
            "#\ttab: here",
            "# tag: v0",
            "# 'quote",
            "# image: [x]",
            "# - a: \"b");

    private final Random random;
    private final String lineEnd;
    private final int step;
    private final boolean dashesFurtherIn;

    RandomYaml(Random random) {
        this.random = random;
        this.lineEnd = random.nextInt(3) == 0 ? "\r\n" : "\n";
        this.step = 1 + random.nextInt(4);
        this.dashesFurtherIn = random.nextBoolean();
    }

    /** Returns all documents as one text; each document is a map, or a text that is written unchanged. */
    String text(List<?> documents) {
        List<String> lines = new ArrayList<>();
        if (chance(3)) {
            lines.add(comment());
        }
        for (int i = 0; i < documents.size(); i++) {
            if (i > 0 || chance(3)) {
                lines.add("---" + end());
            }
            if (documents.get(i) instanceof Map<?, ?> map) {
                lines.addAll(entries(map, 0));
            } else {
                lines.addAll(List.of(((String) documents.get(i)).split("\n")));
            }
        }
        String text = String.join(lineEnd, lines) + (chance(3) ? "" : lineEnd);
        return (chance(8) ? "\ufeff" : "") + text;
    }

    private List<String> entries(Map<?, ?> map, int indent) {
        List<String> lines = new ArrayList<>();
        map.forEach((key, value) -> {
            if (chance(6)) {
                lines.add(chance(2) ? "" : " ".repeat(indent) + comment());
            }
            String start = " ".repeat(indent) + scalar((String) key, false) + ":";
            if (value instanceof Raw raw) {
                lines.add(start + " " + raw.first());
                raw.rest().forEach(line -> lines.add(" ".repeat(indent + step) + line));
            } else if (value instanceof Map<?, ?> nested && !chance(5)) {
                lines.add(start + end());
                lines.addAll(entries(nested, indent + step));
            } else if (value instanceof List<?> items && !chance(5)) {
                lines.add(start + end());
                lines.addAll(items(items, indent + (dashesFurtherIn ? step : 0)));
            } else {
                lines.add(start + " ".repeat(1 + random.nextInt(3)) + flow(value, false) + end());
            }
        });
        return lines;
    }

    private List<String> items(List<?> items, int indent) {
        List<String> lines = new ArrayList<>();
        for (Object item : items) {
            if (chance(6)) {
                lines.add(chance(2) ? "" : " ".repeat(indent) + comment());
            }
            String dash = " ".repeat(indent) + "-" + " ".repeat(1 + random.nextInt(3));
            if (item instanceof Map<?, ?> map && !chance(4)) {
                List<String> below = new ArrayList<>(entries(map, dash.length()));
                if (below.get(0).isBlank() || below.get(0).strip().startsWith("#")) {
                    lines.add(" ".repeat(indent) + "-");
                } else {
                    below.set(0, dash + below.get(0).substring(dash.length()));
                }
                lines.addAll(below);
            } else {
                lines.add(dash + flow(item, false) + end());
            }
        }
        return lines;
    }

    private String flow(Object value, boolean inFlow) {
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, item) -> entries.add(scalar((String) key, true) + ": " + flow(item, true)));
            return around("{", String.join(comma(), entries), "}");
        }
        if (value instanceof List<?> list) {
            return around(
                    "[",
                    String.join(comma(), list.stream().map(i -> flow(i, true)).toList()),
                    "]");
        }
        if (value instanceof Raw) {
            return "[&f one, *f]";
        }
        return value instanceof String text ? scalar(text, inFlow) : String.valueOf(value);
    }

    private String around(String open, String inside, String close) {
        String gap = chance(2) ? " " : "";
        return open + gap + inside + gap + close;
    }

    private String comma() {
        return chance(2) ? ", " : " ,  ";
    }

    /** Returns a scalar that every parser reads as a string. */
    private String scalar(String text, boolean inFlow) {
        boolean plain =
                text.matches("[A-Za-z][A-Za-z0-9./@=_-]*") || !inFlow && text.matches("[a-z][A-Za-z0-9./@:=_-]*");
        return switch (random.nextInt(plain ? 4 : 2)) {
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

    /**
     * A value that is written unchanged (in a flow collection, as another value); its further lines are indented once
     * more.
     */
    record Raw(String first, List<String> rest) {}
}
