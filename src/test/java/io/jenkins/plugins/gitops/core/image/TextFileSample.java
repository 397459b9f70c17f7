package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jenkins.plugins.gitops.core.model.ImageRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A file that is read line by line, with one value that sets an image among other lines, from a seed. */
final class TextFileSample {
    /** How the line with the value is written. */
    enum LineKind {
        MARKED_TAG,
        MARKED_IMAGE,
        ENV_TAG,
        ENV_IMAGE
    }

    static final String IMAGE = "ghcr.io/o/a";
    private static final String MARK = "gitops: image=" + IMAGE;
    private static final List<String> TAGS = List.of("v1", "sha-a1b2c3d", "1.10", "latest", "0777", "on", "2024-01-02");
    /** Names of marked files, and their lines around the value, shown as @. */
    private static final String[][] MARKED = {
        {"Makefile", "TAG := @ # " + MARK},
        {"main.tf", "tag = \"@\" # " + MARK},
        {"main.tf", "  value = \"@\"   // " + MARK},
        {"a.ini", "tag=@ ; " + MARK},
        {"pom.xml", "<tag>@</tag> <!-- " + MARK + " -->"},
        {"Dockerfile", "ARG TAG=@\t#\t" + MARK},
        {"x.conf", "pull { @ }; # " + MARK},
        {"deploy.sh", "run \"$x\" '@' # " + MARK}
    };
    /** Lines that set no image; some are not UTF-8. */
    private static final List<String> NOISE = List.of(
            "",
            "# TAG=v1",
            "OTHER_TAG=v1",
            "# gitops: image=",
            "// " + MARK,
            "x = [1, 2] # image=" + IMAGE,
            "\u00e4\u00ff=\u00fc",
            "PATH=\"/a b\"",
            "\tindented: [",
            "<a b=\"c\"/>",
            "APP_TAG_OLD=v1");

    private final Random random;
    private final String file;
    private final ImageSearch search;
    private final String start;
    private final String end;
    private final String before;
    private final String tag;

    TextFileSample(LineKind kind, long seed) {
        random = new Random(seed * 31 + kind.ordinal());
        boolean whole = kind == LineKind.MARKED_IMAGE || kind == LineKind.ENV_IMAGE;
        before = whole ? IMAGE + ":" : "";
        tag = TAGS.get(random.nextInt(TAGS.size()));
        String line;
        if (kind == LineKind.MARKED_TAG || kind == LineKind.MARKED_IMAGE) {
            String[] marked = MARKED[random.nextInt(MARKED.length)];
            file = marked[0];
            line = marked[1];
            search = ImageSearch.at(List.of());
        } else {
            file = List.of(".env", "prod.env", ".env.dev", "app.properties").get(random.nextInt(4));
            String quote = List.of("", "\"", "'").get(random.nextInt(3));
            String comment = random.nextBoolean() ? "" : " # tag v1";
            line = (random.nextBoolean() ? "export " : "") + "APP_TAG=" + quote + "@" + quote + comment;
            List<String> path = List.of("APP_TAG");
            search = new ImageSearch(
                    List.of(),
                    List.of(new ImageRule(
                            IMAGE,
                            List.of(),
                            whole ? List.of() : path,
                            whole ? path : List.of(),
                            List.of(),
                            List.of())),
                    "a");
        }
        String lineEnd = random.nextInt(3) == 0 ? "\r\n" : "\n";
        int value = line.indexOf('@');
        start = noise(lineEnd) + line.substring(0, value);
        String rest = noise(lineEnd);
        boolean last = rest.isEmpty() && random.nextBoolean();
        end = line.substring(value + 1) + (last ? "" : lineEnd) + rest;
    }

    private String noise(String lineEnd) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            lines.add(NOISE.get(random.nextInt(NOISE.size())) + lineEnd);
        }
        return String.join("", lines);
    }

    ImageFile open() {
        return ImageFile.of(file, search);
    }

    byte[] content() {
        return content(tag);
    }

    /** The same file with another tag. */
    byte[] content(String other) {
        return (start + before + other + end).getBytes(ISO_8859_1);
    }
}
