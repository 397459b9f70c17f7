package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of a Git repository that is a source of an Application.
 *
 * @param index its position in lists of revisions; -1 if the Application has a single source, whose revision is not in
 *     a list
 */
record ApplicationGitSource(String repository, String path, int index) {
    /** The Git folders of an Application, without charts of Helm repositories and OCI images. */
    static List<ApplicationGitSource> of(JsonNode spec) {
        JsonNode sources = JsonNodes.at(spec, "sources");
        List<ApplicationGitSource> found = new ArrayList<>();
        if (sources.isEmpty()) {
            JsonNode source = JsonNodes.at(spec, "source");
            if (isGit(source)) {
                found.add(new ApplicationGitSource(
                        JsonNodes.text(source, "repoURL"), JsonNodes.text(source, "path"), -1));
            }
            return found;
        }
        for (int i = 0; i < sources.size(); i++) {
            JsonNode source = sources.get(i);
            if (isGit(source) && !isReferenceOnly(source)) {
                found.add(
                        new ApplicationGitSource(JsonNodes.text(source, "repoURL"), JsonNodes.text(source, "path"), i));
            }
        }
        for (int i = 0; i < sources.size(); i++) {
            String folder = isGit(sources.get(i)) ? valuesFolder(sources, sources.get(i)) : null;
            String repository = JsonNodes.text(sources.get(i), "repoURL");
            boolean isNew = found.stream()
                    .noneMatch(
                            s -> s.repository().equals(repository) && s.path().equals(folder));
            if (folder != null && isNew) {
                found.add(new ApplicationGitSource(repository, folder, i));
            }
        }
        return found;
    }

    private static boolean isGit(JsonNode source) {
        String url = JsonNodes.text(source, "repoURL");
        return !url.isEmpty()
                && !url.startsWith("oci://")
                && JsonNodes.text(source, "chart").isEmpty();
    }

    private static boolean isReferenceOnly(JsonNode source) {
        return !JsonNodes.text(source, "ref").isEmpty()
                && JsonNodes.text(source, "path").isEmpty();
    }

    /** The folder of the last value file that another source, a chart, takes from this one; null if there is none. */
    @CheckForNull
    private static String valuesFolder(JsonNode sources, JsonNode referred) {
        String prefix = "$" + JsonNodes.text(referred, "ref") + "/";
        String folder = null;
        if (isReferenceOnly(referred)) {
            for (JsonNode source : sources) {
                for (JsonNode file : JsonNodes.at(source, "helm", "valueFiles")) {
                    String name = file.asText();
                    if (name.startsWith(prefix)) {
                        int slash = name.lastIndexOf('/');
                        folder = name.substring(Math.min(prefix.length(), slash), slash);
                    }
                }
            }
        }
        return folder;
    }

    /** The branch, tag or commit that the source follows. */
    String targetRevision(JsonNode spec) {
        String revision = JsonNodes.text(in(spec), "targetRevision");
        return revision.isEmpty() ? "HEAD" : revision;
    }

    private JsonNode in(JsonNode spec) {
        return index < 0
                ? JsonNodes.at(spec, "source")
                : JsonNodes.at(spec, "sources").path(index);
    }

    /** The revision of this source in a part of the status with one or several revisions. */
    @CheckForNull
    String revisionIn(JsonNode part) {
        return index < 0
                ? JsonNodes.commit(JsonNodes.text(part, "revision"))
                : JsonNodes.commit(JsonNodes.at(part, "revisions").path(index).asText());
    }

    /** Whether a part of the status that lists its sources has this one at the same position. */
    boolean isListedIn(JsonNode part) {
        return JsonNodes.text(in(part), "repoURL").equals(repository);
    }
}
