package io.jenkins.plugins.gitops.core.render.resource;

/**
 * Group, version and kind. In a selector, an empty part matches any value.
 *
 * @param group empty for the core group
 */
public record Gvk(String group, String version, String kind) {

    public static Gvk of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new Gvk("", apiVersion, kind)
                : new Gvk(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Whether this selector matches the other. */
    public boolean selects(Gvk other) {
        return (group.isEmpty() || group.equals(other.group))
                && (version.isEmpty() || version.equals(other.version))
                && (kind.isEmpty() || kind.equals(other.kind));
    }
}
