package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The names of the environments in paths. */
final class EnvironmentNames {
    /** Any text is the name of an environment. */
    static final EnvironmentNames ANY = new EnvironmentNames(null, false);
    /** Texts that contain a well-known name. */
    private static final EnvironmentNames USUAL = new EnvironmentNames(null, true);

    /** The environment by its name in paths; null when any text is the name of an environment. */
    @CheckForNull
    private final Map<String, String> byFolder;

    private final Map<String, String> folders = new LinkedHashMap<>();

    private final boolean usual;

    private EnvironmentNames(@CheckForNull Map<String, String> folders, boolean usual) {
        this.usual = usual;
        if (folders == null) {
            this.byFolder = null;
        } else {
            this.folders.putAll(folders);
            Map<String, String> names = new HashMap<>();
            folders.forEach((name, folder) -> names.put(folder, name));
            this.byFolder = names;
        }
    }

    /** @param folders names in paths by the environment, without duplicates */
    static EnvironmentNames declared(Map<String, String> folders) {
        return new EnvironmentNames(folders, false);
    }

    /** How certain it is that a text in a path is an environment, see {@link WellKnownEnvironments#certainty}. */
    int certainty(String text) {
        if (byFolder == null) {
            return WellKnownEnvironments.certainty(text);
        }
        return byFolder.containsKey(text) ? 2 : 0;
    }

    boolean areDeclared() {
        return byFolder != null;
    }

    /** The declared names in order; empty when any text is a name. */
    Set<String> names() {
        return Collections.unmodifiableSet(folders.keySet());
    }

    boolean contains(String name) {
        return !areDeclared() || folders.containsKey(name);
    }

    /**
     * The environment that a text refers to; null when there is none.
     *
     * @param template of the pattern; one without placeholders contains the environment's name itself, any other its
     *     name in paths
     */
    @CheckForNull
    String nameOf(NameTemplate template, String text) {
        if (byFolder != null) {
            return template.isLiteral() && folders.containsKey(text) ? text : byFolder.get(text);
        }
        return LayoutPattern.isName(text) && (!usual || WellKnownEnvironments.isLike(text)) ? text : null;
    }

    /** The names for a pattern: if no environments are declared, some patterns require well-known names. */
    EnvironmentNames of(LayoutPattern pattern) {
        return !areDeclared() && pattern.source() == LayoutPattern.Source.BUILT_IN_BY_NAME ? USUAL : this;
    }

    /** The text for an environment in a pattern; the inverse of {@link #nameOf}. */
    String textOf(NameTemplate template, String name) {
        return template.isLiteral() ? name : folderOf(name);
    }

    /** The name of the environment in paths. */
    String folderOf(String name) {
        return folders.getOrDefault(name, name);
    }
}
