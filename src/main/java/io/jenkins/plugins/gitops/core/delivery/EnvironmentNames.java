package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** How the environments are called in paths. */
final class EnvironmentNames {
    /** Any name is that of an environment. */
    static final EnvironmentNames ANY = new EnvironmentNames(null, false);
    /** Names that consist of a usual one and other words. */
    private static final EnvironmentNames USUAL = new EnvironmentNames(null, true);

    /** Name of the environment by the text in paths; null when any text is the name of an environment. */
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

    /** @param folders the text in paths by the name of the environment; no text twice */
    static EnvironmentNames declared(Map<String, String> folders) {
        return new EnvironmentNames(folders, false);
    }

    /** How certain it is that a text in paths is an environment, as {@link WellKnownEnvironments#certainty}. */
    int certainty(String text) {
        if (byFolder == null) {
            return WellKnownEnvironments.certainty(text);
        }
        return byFolder.containsKey(text) ? 2 : 0;
    }

    boolean areDeclared() {
        return byFolder != null;
    }

    /** The declared names in their order; empty when any name is one. */
    Set<String> names() {
        return Collections.unmodifiableSet(folders.keySet());
    }

    boolean contains(String name) {
        return !areDeclared() || folders.containsKey(name);
    }

    /**
     * The environment that is called so; null when none is.
     *
     * @param template of the pattern; one without placeholders contains the name itself, any other the text in paths
     */
    @CheckForNull
    String nameOf(NameTemplate template, String text) {
        if (byFolder != null) {
            return template.isLiteral() && folders.containsKey(text) ? text : byFolder.get(text);
        }
        return LayoutPattern.isName(text) && (!usual || WellKnownEnvironments.isLike(text)) ? text : null;
    }

    /** Those that a pattern leads to: without declared ones, a pattern may need the usual names. */
    EnvironmentNames of(LayoutPattern pattern) {
        return !areDeclared() && pattern.source() == LayoutPattern.Source.BUILT_IN_BY_NAME ? USUAL : this;
    }

    /** What the environment is called by a pattern; as {@link #nameOf}. */
    String textOf(NameTemplate template, String name) {
        return template.isLiteral() ? name : folderOf(name);
    }

    /** What the environment is called in paths. */
    String folderOf(String name) {
        return folders.getOrDefault(name, name);
    }
}
