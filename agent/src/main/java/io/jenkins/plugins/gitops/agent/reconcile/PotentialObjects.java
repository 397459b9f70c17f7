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
 * What an application that cannot be rendered may hold: everything in its namespace, and what its folder names; an object of
 * another namespace only where that is named, too. Of a manifest that is not YAML only the text is known: it may hold what its
 * text names, or what lies in a namespace that its text names. More would let one broken file stop all pruning. What cannot be
 * decided counts as held.
 */
final class PotentialObjects implements Predicate<ObjectId> {
    private final ApplicationManifest source;
    private final FileTree files;
    /** Null where the manifest does not say which folder it deploys. */
    @CheckForNull
    private final FolderMentions folder;
    /** Null until it is asked for. */
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

    /** The namespace of a manifest that is refused is known from its text only. */
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
