package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.SetImagePlanner;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code set-image}: changes the image of a target in Git, or in one local file. */
@Command(
        name = "set-image",
        description = "Sets images of an application in one environment, as one commit; or of one local file.")
final class SetImageCommand extends ChangeCommand {
    @CheckForNull
    @Option(names = "--env", paramLabel = "ENV", description = "The environment.")
    private String env;

    @CheckForNull
    @Option(
            names = "--file",
            paramLabel = "PATH",
            description = "Edits this file in place, without Git: a kustomization, component, Application, Helm values"
                    + " or manifest.")
    private Path file;

    @CheckForNull
    @Option(
            names = "--image",
            paramLabel = "NAME",
            description = "The image, without tag. By default the only one that the application has.")
    private String image;

    @CheckForNull
    @Option(names = "--tag", paramLabel = "TAG", description = "Its new tag.")
    private String tag;

    @CheckForNull
    @Option(names = "--digest", paramLabel = "DIGEST", description = "Its new digest.")
    private String digest;

    @Option(
            names = "--images",
            paramLabel = "NAME:TAG",
            arity = "1..*",
            description = "Images with tag, digest or both; all of them are set, or none.")
    private List<String> images = new ArrayList<>();

    @Option(names = "--create", description = "Adds an entry for an image that has none.")
    private boolean create;

    @Option(names = "--force", description = "Overwrites what a newer build of the same job wrote; not a hold.")
    private boolean force;

    @Option(
            names = "--image-path",
            paramLabel = "KEYS",
            description =
                    "With --file: the path of the image in Helm values, for example backend.image. By default image.")
    private List<String> imagePaths = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (file == null) {
            require("--env", env);
            if (!imagePaths.isEmpty()) {
                throw wrongUsage("--image-path is for --file only");
            }
            requests();
            return super.call();
        }
        if (git().isGiven()
                || app() != null
                || env != null
                || force
                || hasReason()
                || hasOperation()
                || hasCommitOptions()) {
            throw wrongUsage("--file edits a local file, so it cannot be combined with the options of a repository");
        }
        edit(file, requests());
        return ExitCode.OK;
    }

    @Override
    String environment() {
        return env;
    }

    @Override
    ChangePlanner planner(ConfigRepository repository, OpenBranches branches, ChangeMetadata changeMetadata)
            throws UserErrorException {
        return new SetImagePlanner(app(), env, requests(), new SetImagePlanner.Options(create, force), changeMetadata);
    }

    /** Warns that Git does not change if a tag was overwritten in the registry. */
    @Override
    @CheckForNull
    String note(ChangeResult result) {
        boolean pinned = ImageChange.of(result.trailers()).stream()
                .allMatch(change -> change.to() == null || change.to().digest() != null);
        return result.changed() || pinned
                ? null
                : "If the tag has been pushed again since, its new image is not deployed. Use --digest, or --tag and"
                        + " --digest.";
    }

    private List<ImageRequest> requests() throws UserErrorException {
        List<ImageRequest> requests = new ArrayList<>();
        if (tag != null || digest != null) {
            requests.add(new ImageRequest(image, tag, digest));
        } else if (image != null || images.isEmpty()) {
            throw wrongUsage("Missing required option: '--tag', '--digest' or '--images'");
        }
        for (String reference : images) {
            requests.add(ImageRequest.parse(reference));
        }
        return requests;
    }

    private void edit(Path path, List<ImageRequest> requests) throws Exception {
        List<ImageReference> wanted = new ArrayList<>();
        for (ImageRequest request : requests) {
            String name = require("--image", request.image());
            wanted.add(ImageReference.of(name, request.tag(), request.digest()));
        }
        List<String> paths = imagePaths.isEmpty() ? ImageFile.DEFAULT_PATHS : imagePaths;
        AtomicFileEdit local = AtomicFileEdit.read(path);
        byte[] edited = ImageFile.set(path.toString(), local.content(), paths, wanted, create);
        List<ImageChange> changes = new ArrayList<>();
        for (ImageReference to : wanted) {
            changes.add(new ImageChange(present(path, local.content(), paths, to.name()), to));
        }
        print(path, local.write(edited), changes);
    }

    @CheckForNull
    private static ImageReference present(Path path, byte[] content, List<String> paths, String name)
            throws UserErrorException {
        return ImageFile.read(path.toString(), content, paths).stream()
                .filter(entry -> name.equals(entry.image().name()) || name.equals(entry.key()))
                .map(entry -> entry.image())
                .findFirst()
                .orElse(null);
    }

    private void print(Path path, boolean changed, List<ImageChange> changes) {
        if (isJson()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("changed", changed);
            fields.put("file", path.toString());
            fields.put("images", CommandOutput.images(changes));
            out().println(CommandOutput.json(fields));
        } else {
            out().println((changed ? "changed " : "unchanged ") + path);
            changes.forEach(change -> out().println("  " + CommandOutput.line(change)));
        }
        out().flush();
    }
}
