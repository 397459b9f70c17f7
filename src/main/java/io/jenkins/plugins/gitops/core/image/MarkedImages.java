package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values on lines that end with a comment {@code gitops: image=NAME}, after {@code #}, {@code //}, {@code ;} or
 * {@code <!--}. The value is the whole image if the line contains its name, otherwise the tag: the last word of the
 * line. All other lines of the file are ignored.
 */
final class MarkedImages implements ImageOccurrences {
    private static final String SIGN = "gitops: image=";
    private static final List<String> SIGNS = List.of("#", "//", ";", "<!--");
    private static final Pattern MARK =
            Pattern.compile("(#|//|;|<!--)[ \\t]*gitops: image=([^\\s>]{1,255})[ \\t]*(?:-->)?[ \\t]*$");
    /** A tag at the end of a line, before closing characters. */
    private static final Pattern LAST_WORD = Pattern.compile(
            "(?:^|[\\s=:\"'>])([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})[\"')\\]},;\\s]*(?:</[^<>]{1,100}>\\s*)?$");
    /** Maximum number of characters in a line; longer lines are ignored. */
    private static final int MAX_LINE = 2_000;

    private final String file;
    private final List<ImageOccurrence> places = new ArrayList<>();

    MarkedImages(String file, byte[] content) throws UserErrorException {
        this.file = file;
        TextLines lines = new TextLines(file, content);
        List<Mark> marks = marks(lines);
        // YAML has comments only after #; after any other sign, it would parse the words of the mark as a key.
        boolean mayBeYaml = marks.stream().allMatch(mark -> mark.sign().equals("#")) || TextKind.isYamlName(file);
        Map<Integer, List<YamlPath>> scalars =
                mayBeYaml && !marks.isEmpty() && TextKind.isYaml(file, content) ? scalars(file, content) : null;
        for (Mark mark : marks) {
            FieldValue value = scalars == null
                    ? inText(lines, mark)
                    : only(scalars.getOrDefault(mark.number(), List.of()), mark.image());
            places.add(
                    occurrence(value, mark.image(), lines.location(mark.line().start() + mark.end())));
        }
    }

    /**
     * A marked line.
     *
     * @param number 1-based
     * @param end of the text before the comment
     * @param sign that starts the comment
     */
    private record Mark(TextLines.Line line, int number, int end, String sign, String image) {
        String code() {
            return line.text().substring(0, end);
        }
    }

    /** The lines with a value before their mark; omits lines that are commented out. */
    private static List<Mark> marks(TextLines lines) {
        List<Mark> marks = new ArrayList<>();
        int number = 0;
        for (TextLines.Line line : lines.lines()) {
            number++;
            Matcher mark = line.text().length() > MAX_LINE ? null : MARK.matcher(line.text());
            if (mark != null && mark.find()) {
                String code = line.text().substring(0, mark.start()).strip();
                if (!code.isEmpty() && SIGNS.stream().noneMatch(code::startsWith)) {
                    marks.add(new Mark(line, number, mark.start(), mark.group(1), mark.group(2)));
                }
            }
        }
        return marks;
    }

    /** Whether any line of a file may be marked. */
    static boolean isMarked(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains(SIGN);
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    private static ImageOccurrence occurrence(@CheckForNull FieldValue value, String name, SourceLocation location)
            throws UserErrorException {
        if (value == null || ImageString.parse(name, false).isEmpty()) {
            throw new UserErrorException(
                    location,
                    "This line is marked as image " + name + ", and has no single value that can be its tag",
                    "Write the tag or name:tag as the last word before the comment, and the image's name in it");
        }
        if (isWhole(value.text(), name)) {
            return ScalarImageOccurrence.whole(value, name).orElseThrow();
        }
        PlacedFields fields = new PlacedFields(name).with(HelmImageOccurrence.TAG, Optional.of(value));
        return HelmImageOccurrence.of(fields, name, name, name);
    }

    private static boolean isWhole(@CheckForNull String text, String name) {
        return ImageString.parse(text, false)
                .filter(image -> image.lookupName().equals(name) && image.image() != null)
                .isPresent();
    }

    /**
     * The only scalar of a line, or the only one with the image's name; null when there is none or the choice is
     * ambiguous.
     */
    @CheckForNull
    private static FieldValue only(List<YamlPath> scalars, String name) {
        List<YamlPath> whole =
                scalars.stream().filter(way -> isWhole(way.scalar(), name)).toList();
        List<YamlPath> found = whole.isEmpty() ? scalars : whole;
        return found.size() == 1 ? new ScalarValue(found.get(0)) : null;
    }

    @CheckForNull
    private static FieldValue inText(TextLines lines, Mark mark) {
        String code = mark.code();
        String name = mark.image();
        int start = mark.line().start();
        Matcher whole = Pattern.compile("(?<![A-Za-z0-9_./-])" + Pattern.quote(name) + "[:@][A-Za-z0-9_.:@+-]{1,400}")
                .matcher(code);
        if (whole.find()) {
            LineValue value = new LineValue(lines, start + whole.start(), start + whole.end());
            return whole.find() || !isWhole(value.text(), name) ? null : value;
        }
        // The last word of a command is not what the command gives.
        boolean computed = code.contains("$(") || code.contains("`");
        Matcher tag = LAST_WORD.matcher(code);
        return !computed && tag.find() ? new LineValue(lines, start + tag.start(1), start + tag.end(1)) : null;
    }

    /** The scalars of a YAML text, by the line in which they start. */
    private static Map<Integer, List<YamlPath>> scalars(String file, byte[] content) throws UserErrorException {
        YamlText text = YamlText.parse(file, content);
        Map<Integer, List<YamlPath>> scalars = new TreeMap<>();
        for (YamlNode root : text.documents()) {
            collect(YamlPath.of(text, root), scalars);
        }
        return scalars;
    }

    private static void collect(YamlPath node, Map<Integer, List<YamlPath>> scalars) {
        if (node.written() instanceof Scalar) {
            scalars.computeIfAbsent(node.location().line(), line -> new ArrayList<>())
                    .add(node);
        } else if (node.written() instanceof Mapping mapping) {
            for (KeyValue entry : mapping.entries()) {
                YamlPath value =
                        entry.name() == null ? null : node.key(entry.name()).orElse(null);
                if (value != null) {
                    collect(value, scalars);
                }
            }
        } else {
            node.items().forEach(item -> collect(item, scalars));
        }
    }

    @Override
    public List<ImageOccurrence> all() {
        return places;
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        throw noSuchImage(setting.called());
    }

    @Override
    public UserErrorException noSuchImage(String called) {
        return new UserErrorException(
                SourceLocation.of(file),
                "No line here is marked as image " + called,
                "Use one of "
                        + NameList.list(
                                places.stream().map(ImageOccurrence::name).toList())
                        + ", or mark the line with \"# gitops: image=" + called + "\" in Git first");
    }
}
