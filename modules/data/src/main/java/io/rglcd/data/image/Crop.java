package io.rglcd.data.image;

/** Which square of the resized picture is used. */
public enum Crop {
  /** The middle, as torchvision's CenterCrop rounds it. */
  CENTER,
  /** A place drawn uniformly for each sample and epoch, as torchvision's RandomCrop. */
  RANDOM
}
