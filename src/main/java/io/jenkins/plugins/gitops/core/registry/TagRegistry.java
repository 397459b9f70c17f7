package io.jenkins.plugins.gitops.core.registry;

import java.util.concurrent.CompletableFuture;

/** One repository of a registry. Nothing here fails: what cannot be found out is a {@link RegistryAnswer} with a problem. */
public interface TagRegistry {
    /** The digest that a tag means now. */
    CompletableFuture<RegistryAnswer> digest(String tag);

    /** The digests of the manifests for single platforms that an index lists; none for what is not an index. */
    CompletableFuture<RegistryAnswer> platformDigests(String digest);
}
