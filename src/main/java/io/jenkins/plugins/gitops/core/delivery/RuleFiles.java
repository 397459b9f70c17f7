package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The files that the rules for a target's images name. */
final class RuleFiles {
    private static final List<String> YAML = List.of(".yaml", ".yml", ".json");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*}");

    private RuleFiles() {}

    /** The paths from the repository's root that a rule names; the YAML files of the target's folder where it names none. */
    static List<FileGlob> globs(Target target, ImageRule rule) {
        if (rule.files().isEmpty() && target.imageFile() != null) {
            return List.of(new FileGlob(target.imageFile()));
        }
        List<String> files =
                rule.files().isEmpty() ? YAML.stream().map(end -> "*" + end).toList() : rule.files();
        return files.stream()
                .map(file -> new FileGlob(file.startsWith("/") ? file.substring(1) : target.path() + "/" + file))
                .toList();
    }

    /** Whether a rule names a file. */
    static boolean name(Target target, String file) {
        return target.images().stream()
                .flatMap(rule -> globs(target, rule).stream())
                .anyMatch(glob -> glob.matches(file));
    }

    /**
     * Whether a file can be one that such rules name, for some target. Says no for nearly all files, and no walk over the
     * targets is needed for those.
     *
     * @param rules with placeholders
     */
    static boolean mayName(List<ImageRule> rules, String file) {
        return rules.stream().flatMap(rule -> rule.files().stream()).anyMatch(template -> {
            boolean fromRoot = template.startsWith("/");
            String any = PLACEHOLDER
                    .matcher(fromRoot ? template.substring(1) : template)
                    .replaceAll("*");
            String[] segments = file.split("/", -1);
            int depth = fromRoot ? segments.length : any.split("/", -1).length;
            return segments.length >= depth
                    && new FileGlob(any)
                            .matches(String.join(
                                    "/", List.of(segments).subList(segments.length - depth, segments.length)));
        });
    }

    /** The files that are named outside of the target's folder, and the folders above those that match a glob. */
    static List<String> folders(Target target) {
        return target.images().stream()
                .flatMap(rule -> globs(target, rule).stream())
                .map(glob -> glob.isLiteral() ? glob.path() : glob.folder())
                .filter(path -> !path.equals(target.path()) && !target.contains(path))
                .distinct()
                .toList();
    }

    /** The rules by the files that there are, in the order of the rules. @throws UserErrorException when there are too many */
    static Map<String, List<ImageRule>> find(FileTree tree, Target target) throws UserErrorException, IOException {
        Map<String, List<ImageRule>> found = new LinkedHashMap<>();
        for (ImageRule rule : target.images()) {
            for (FileGlob glob : globs(target, rule)) {
                for (String file : glob.files(tree)) {
                    List<ImageRule> rules = found.computeIfAbsent(file, name -> new ArrayList<>());
                    if (!rules.contains(rule)) {
                        rules.add(rule);
                    }
                }
            }
        }
        return found;
    }
}
