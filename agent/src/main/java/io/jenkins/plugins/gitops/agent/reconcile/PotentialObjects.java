package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * Determines which objects an application that cannot be rendered may have: all in its namespace, and those whose names
 * its folder mentions. In another namespace, that namespace must be mentioned, too. For a manifest that is not YAML,
 * only its text is known: it may have objects that the text mentions, or in namespaces that the text mentions. A wider
 * rule would let one broken file stop all pruning. If this cannot be decided, the application may have the object.
 */
final class PotentialObjects implements Predicate<ObjectId> {
    private final ApplicationManifest source;
    private final FileTree files;
    /** Null if the manifest does not contain the folder that it deploys. */
    @CheckForNull
    private final FolderMentions folder;
    /** Read on demand. */
    private volatile Manifest manifest;

    PotentialObjects(ApplicationManifest source, FileTree files) {
        this.source = source;
        this.files = files;
        this.folder = source.path() == null ? null : new FolderMentions(files, source.path());
    }

    @Override
    public boolean test(ObjectId id) {
        if (source.spec() != null && source.spec().namespace().equals(id.namespace())) {
            return true;
        }
        try {
            return folder == null ? isInUnreadableManifest(id) : folder.contain(id.name()) && mayHaveNamespace(id);
        } catch (IOException | UserErrorException e) {
            return true;
        }
    }

    private boolean isInUnreadableManifest(ObjectId id) throws IOException, UserErrorException {
        Manifest read = manifest();
        return !read.isYaml() && (read.names(id.name()) || id.namespace() != null && read.names(id.namespace()));
    }

    /** For a rejected manifest, the namespace is known only from its text. */
    private boolean mayHaveNamespace(ObjectId id) throws IOException, UserErrorException {
        return id.namespace() == null
                || source.spec() == null && manifest().names(id.namespace())
                || folder.contain(id.namespace());
    }

    private Manifest manifest() throws IOException, UserErrorException {
        if (manifest == null) {
            byte[] content = files.read(source.file()).orElse(new byte[0]);
            manifest = new Manifest(new String(content, StandardCharsets.UTF_8), isYaml(content));
        }
        return manifest;
    }

    private boolean isYaml(byte[] content) {
        try {
            YamlText.parse(source.file(), content).documents();
            return true;
        } catch (UserErrorException e) {
            return false;
        }
    }

    private record Manifest(String text, boolean isYaml) {
        boolean names(String word) {
            return FolderMentions.isMentionedIn(text, word);
        }
    }
}
